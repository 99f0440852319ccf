/** The shapes of the REST API. The server declares them; they are generated from its description, openapi.json. */
import type { Json } from './json'
import type { components } from './schema.generated'

/** A generated type, with Json in place of `unknown` for free JSON. */
export type WithJson<T> = unknown extends T ? Json : T extends object ? { [Key in keyof T]: WithJson<T[Key]> } : T

export type Schemas = WithJson<components['schemas']>
