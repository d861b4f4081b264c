/** The last pass over the made document: named schemas move to components, types the generator left out come back. */

type Node = Record<string, unknown>;

/** A schema with such a title is a component of that name. */
const COMPONENT_TITLE = /^[A-Z][A-Za-z]+$/;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Members whose value is the caller's own and never a schema. */
const OPAQUE = new Set(['example', 'examples', 'default', 'const', 'enum', 'value']);

function typeOfAll(values: readonly unknown[]): string | undefined {
  const types = new Set(values.map((value) => typeof value));
  const [type] = types;
  return types.size === 1 && (type === 'string' || type === 'boolean') ? type : undefined;
}

/** valibot's picklists and literals come without their type, which client generators want. */
function addType(node: Node): Node {
  if (node['type'] !== undefined || node['in'] !== undefined) return node;
  const values = Array.isArray(node['enum']) ? node['enum'] : 'const' in node ? [node['const']] : [];
  const type = values.length === 0 ? undefined : typeOfAll(values);
  return type === undefined ? node : { type, ...node };
}

/** The one text a member of an object schema may have. */
function constantOf(schema: Node | undefined, name: string): string | undefined {
  const properties = schema?.['properties'];
  const property = isNode(properties) ? properties[name] : undefined;
  const text = isNode(property) ? property['const'] : undefined;
  return typeof text === 'string' ? text : undefined;
}

/** A member that must not be sent (`v.never`) need not be described. */
function leaveOutForbidden(node: Node): Node {
  const { properties } = node;
  if (!isNode(properties)) return node;
  const described = Object.entries(properties).filter(
    ([, schema]) => !(isNode(schema) && isNode(schema['not']) && Object.keys(schema['not']).length === 0),
  );
  return { ...node, properties: Object.fromEntries(described) };
}

/**
 * Moves each schema that has a title of one word into components and refers to it. Throws when two different schemas
 * have the same title.
 */
export function tidyDocument(document: object): Record<string, unknown> {
  const named = new Map<string, string>();
  const schemas: Node = {};

  /** The keys of `properties` are names of members, not keywords: a member may well be called `value`. */
  function visit(value: unknown, keysAreNames = false): unknown {
    if (Array.isArray(value)) return value.map((entry) => visit(entry));
    if (!isNode(value)) return value;
    const members = Object.entries(value).map(([key, member]) => [
      key,
      !keysAreNames && OPAQUE.has(key) ? member : visit(member, !keysAreNames && key === 'properties'),
    ]);
    if (keysAreNames) return Object.fromEntries(members);
    const visited = leaveOutForbidden(addType(Object.fromEntries(members) as Node));
    const { title, description, ...rest } = visited;
    if (typeof title !== 'string' || !COMPONENT_TITLE.test(title) || !('type' in rest || 'anyOf' in rest)) {
      return visited;
    }
    const text = JSON.stringify(rest);
    if (named.has(title) && named.get(title) !== text) throw new Error(`two schemas are called ${title}`);
    if (!named.has(title)) schemas[title] = visited;
    named.set(title, text);
    // What a place says about its value stays there (a description may stand beside a reference since 3.1).
    const own = (schemas[title] as Node)['description'];
    return {
      $ref: `#/components/schemas/${title}`,
      ...(description === undefined || description === own ? {} : { description }),
    };
  }

  /** What tells the members of a union apart, where they are components that each have it as a constant. */
  function addDiscriminators(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(addDiscriminators);
    if (!isNode(value)) return value;
    const node = Object.fromEntries(
      Object.entries(value).map(([key, member]) => [
        key,
        OPAQUE.has(key) ? member : addDiscriminators(member),
      ]),
    );
    const refs = (Array.isArray(node['oneOf']) ? node['oneOf'] : []).map((member: Node) =>
      String(member['$ref']),
    );
    const members = refs.map((ref) => schemas[ref.split('/').at(-1) ?? ''] as Node | undefined);
    const propertyName = Object.keys((members[0]?.['properties'] as Node | undefined) ?? {}).find((name) => {
      const constants = new Set(members.map((member) => constantOf(member, name)));
      return constants.size === refs.length && !constants.has(undefined);
    });
    if (refs.length < 2 || propertyName === undefined) return node;
    const mapping = members.map((member, index) => [constantOf(member, propertyName), refs[index]]);
    return { ...node, discriminator: { propertyName, mapping: Object.fromEntries(mapping) } };
  }

  const tidied = addDiscriminators(visit(document)) as Node;
  const components = isNode(tidied['components']) ? tidied['components'] : {};
  return {
    ...tidied,
    components: { ...components, schemas: { ...(components['schemas'] as Node | undefined), ...schemas } },
  };
}
