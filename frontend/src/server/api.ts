/** A call of the API: address, parameters, body and answer have the types of its description. Failures are ApiError. */

import type { paths } from '../core/base/schema.generated'
import type { WithJson } from '../core/base/schemas'
import { ask, type Asked, request } from './http'

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
interface Operation {
  parameters: { path?: unknown; query?: unknown }
  requestBody?: unknown
  responses: unknown
}
/** The addresses that take a method. */
type PathOf<M extends Method> = { [P in keyof paths]: paths[P][M] extends Operation ? P : never }[keyof paths]
type OperationOf<M extends Method, P extends keyof paths> = Extract<paths[P][M], Operation>

/** A key that an operation needs, may have, or does not have. */
type Key<Name extends string, Value> = [Value] extends [undefined] ? unknown : undefined extends Value ? { [N in Name]?: Value } : { [N in Name]: Value }
type Json<Content> = Content extends { content: { 'application/json': infer Body } } ? Body : undefined
type Given<O extends Operation> = Key<'path', O['parameters']['path']> & Key<'query', O['parameters']['query']> & Key<'body', Json<O['requestBody']>> & Pick<Asked, 'signal' | 'headers'>
type GivenTo<M extends Method, P extends keyof paths> = object extends Given<OperationOf<M, P>> ? [given?: Given<OperationOf<M, P>>] : [given: Given<OperationOf<M, P>>]

type Success<Responses> = Responses extends { 200: infer Answer } | { 201: infer Answer } | { 202: infer Answer } ? WithJson<Json<Answer>> : undefined
type AnswerOf<M extends Method, P extends keyof paths> = Success<OperationOf<M, P>['responses']>

interface AnyGiven extends Pick<Asked, 'signal' | 'headers'> {
  path?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
}

const pair = ([key, value]: [string, unknown]) => `${key}=${encodeURIComponent(String(value))}`

/** The address of a path with its parameters; undefined and null query parameters are left out. */
export function addressOf(path: string, { path: parts = {}, query = {} }: AnyGiven): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null).map(pair)
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parts[name]))) + (pairs.length ? `?${pairs.join('&')}` : '')
}

const askedOf = (method: Method, { body, signal, headers }: AnyGiven): Asked => ({ method: method.toUpperCase() as Asked['method'], json: body, signal, headers })

export function call<M extends Method, P extends PathOf<M>>(method: M, path: P, ...given: GivenTo<M, P>): Promise<AnswerOf<M, P>> {
  const [asked = {}] = given as [AnyGiven?]
  return ask(addressOf(path, asked), askedOf(method, asked))
}

/** The answer with its headers. */
export async function callWhole<M extends Method, P extends PathOf<M>>(method: M, path: P, ...given: GivenTo<M, P>): Promise<{ headers: Headers; body: AnswerOf<M, P> }> {
  const [asked = {}] = given as [AnyGiven?]
  const answer = await request(addressOf(path, asked), askedOf(method, asked))
  return { headers: answer.headers, body: (await answer.json()) as AnswerOf<M, P> }
}
