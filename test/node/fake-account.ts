/** A Cloudflare account as wrangler's commands see it: what they make is kept, and one command may be made to fail. */

interface FakeDatabase {
  readonly uuid: string;
  migrated: boolean;
  readonly operatorKeys: string[];
}

export interface Fault {
  /** Which command fails, counted from 0. */
  readonly step: number;
  /** Whether what it does is done nevertheless: the answer was lost. */
  readonly when: 'before' | 'after';
}

const NO_WORKER = '✘ [ERROR] Worker "hamster-bank-open-banking-production" (env: production) not found.';

export class FakeAccount {
  readonly databases = new Map<string, FakeDatabase>();
  readonly queues = new Set<string>();
  /** The Worker's secrets; the Worker is there from the first one on. */
  readonly secrets = new Map<string, string>();
  /** Every command that changed something. */
  readonly changes: string[] = [];
  refuseSecretList: string | undefined;
  #commands = 0;
  readonly #fault: Fault | undefined;

  constructor(fault?: Fault) {
    this.#fault = fault;
  }

  readonly wrangler = (parameters: string[], more: { input?: string } = {}) => {
    const failing = this.#commands === this.#fault?.step ? this.#fault.when : undefined;
    this.#commands += 1;
    if (failing === 'before') throw new Error('network connection lost');
    const text = this.#run(parameters, more.input ?? '');
    if (failing === 'after') throw new Error('network connection lost');
    return { text, events: [] };
  };

  #run(parameters: string[], input: string): string {
    const command = parameters.filter((word) => !word.startsWith('-')).join(' ');
    const [database] = this.databases.values();
    switch (command.split(' ').slice(0, 2).join(' ')) {
      case 'd1 list':
        return JSON.stringify([...this.databases].map(([name, { uuid }]) => ({ name, uuid })));
      case 'd1 create':
        return this.#create(parameters[2] ?? '');
      case 'd1 migrations':
        if (database === undefined) throw new Error('no database');
        if (!database.migrated) this.changes.push(command);
        database.migrated = true;
        return '';
      case 'd1 execute':
        return this.#execute(database, parameters.find((word) => word.startsWith('--command=')) ?? '');
      case 'queues create':
        return this.#createQueue(parameters[2] ?? '');
      case 'secret list':
        if (this.refuseSecretList !== undefined) throw new Error(this.refuseSecretList);
        if (this.secrets.size === 0) throw new Error(NO_WORKER);
        return JSON.stringify([...this.secrets.keys()].map((name) => ({ name, type: 'secret_text' })));
      case 'secret bulk':
        for (const [name, value] of Object.entries(JSON.parse(input) as Record<string, string>)) {
          this.secrets.set(name, value);
        }
        this.changes.push(command);
        return '';
      default:
        throw new Error(`unknown command: ${command}`);
    }
  }

  #create(name: string): string {
    if (this.databases.has(name)) throw new Error(`a database named ${name} exists`);
    this.databases.set(name, { uuid: crypto.randomUUID(), migrated: false, operatorKeys: [] });
    this.changes.push(`d1 create ${name}`);
    return '';
  }

  #createQueue(name: string): string {
    if (this.queues.has(name)) {
      throw new Error(
        `A request to the Cloudflare API failed. Queue name '${name}' is already taken. [code: 11009]`,
      );
    }
    this.queues.add(name);
    this.changes.push(`queues create ${name}`);
    return '';
  }

  #execute(database: FakeDatabase | undefined, command: string): string {
    if (database?.migrated !== true) throw new Error('no such table');
    if (command.includes('SELECT count(*)')) {
      return JSON.stringify([{ results: [{ kept: database.operatorKeys.length }], success: true }]);
    }
    database.operatorKeys.push(command);
    this.changes.push('d1 execute');
    return JSON.stringify([{ results: [], success: true }]);
  }
}
