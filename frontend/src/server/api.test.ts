import { afterEach, beforeEach, expect, expectTypeOf, it, vi } from 'vitest'
import type { Schemas } from '../core/base/schemas'
import { addressOf, call, callWhole } from './api'

const sent = vi.fn<(address: string, init: RequestInit) => Promise<Response>>()
const answered = (body: unknown, status = 200, headers = {}) => sent.mockResolvedValue(new Response(body === undefined ? null : JSON.stringify(body), { status, headers }))

beforeEach(() => {
  vi.stubGlobal('document', { cookie: 'csrftoken=secret' })
  vi.stubGlobal('fetch', sent.mockReset())
})

afterEach(() => vi.unstubAllGlobals())

it('fills addresses and query strings safely', () => {
  expect(addressOf('/api/runs/{run}/steps/{node}/', { path: { run: 'r', node: 'a/b' } })).toBe('/api/runs/r/steps/a%2Fb/')
  expect(addressOf('/api/x/', { query: { offset: 0, search: 'x y', sort: ['-a&b'], none: undefined, null: null } })).toBe('/api/x/?offset=0&search=x%20y&sort=-a%26b')
  expect(addressOf('/api/x/', {})).toBe('/api/x/')
})

it('sends a change as JSON, and gives the body of the answer', async () => {
  answered({ id: 'w', name: 'Mine', role: 'owner' }, 201)
  expect(await call('post', '/api/workspaces/', { body: { name: 'Mine' } })).toEqual({ id: 'w', name: 'Mine', role: 'owner' })
  expect(sent.mock.calls[0]).toMatchObject(['/api/workspaces/', { method: 'POST', body: '{"name":"Mine"}', headers: { 'X-CSRFToken': 'secret' } }])
})

it('gives nothing for an answer without a body, and the headers when they are wanted', async () => {
  answered(undefined, 204)
  expect(await call('delete', '/api/tokens/{token}/', { path: { token: 't' } })).toBeUndefined()
  answered({ nodes: {} }, 200, { ETag: '"12"' })
  const { headers, body } = await callWhole('get', '/api/pipelines/{pipeline}/graph/', { path: { pipeline: 'p' } })
  expect([headers.get('ETag'), body]).toEqual(['"12"', { nodes: {} }])
})

/** `call`, for its types alone. */
const typed = (() => undefined) as unknown as typeof call

it('has the types of the description', () => {
  expectTypeOf(call<'get', '/api/runs/{run}/'>).returns.resolves.toEqualTypeOf<Schemas['Run']>()
  expectTypeOf<Schemas['Node']['position']>().toEqualTypeOf<[number, number]>()
  // @ts-expect-error there is no such address
  void typed('get', '/api/nowhere/')
  // @ts-expect-error its parameter is missing
  void typed('get', '/api/runs/{run}/')
  // @ts-expect-error the body has no such key
  void typed('post', '/api/workspaces/', { body: { title: 'x' } })
})
