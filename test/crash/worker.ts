/** The crash run's entry: the Worker, and the path that stands in for customers. */
import worker from '#worker.ts';
import { answerStandIn, STAND_IN_PATH } from '../../scripts/bench/stand-in.ts';

export * from '#worker.ts';

export default {
  ...worker,
  fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    return pathname === STAND_IN_PATH
      ? answerStandIn(request, env, context)
      : worker.fetch(request, env, context);
  },
} satisfies ExportedHandler<Env>;
