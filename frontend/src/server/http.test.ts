import { describe, expect, it, vi } from 'vitest'
import { ApiError } from '../core/base/apiError'
import { ask, csrfToken, errorFrom } from './http'

describe('errorFrom', () => {
  it('keeps what the server said', () => {
    const error = errorFrom(422, JSON.stringify({ error: { code: 'invalid', words: 'No.', remedy: 'Do this.', problems: [{ code: 'x' }] } }))
    expect([error.code, error.words, error.remedy, error.problems.length, error.status]).toEqual(['invalid', 'No.', 'Do this.', 1, 422])
  })

  it('has words of its own for a page that is not JSON', () => {
    expect(errorFrom(502, '<html>').words).toContain('502')
    expect(errorFrom(401, '').remedy).toBe('Sign in again.')
    expect(errorFrom(500, '{"unexpected":1}').code).toBe('http_500')
  })
})

describe('ask', () => {
  it('sends the CSRF cookie back with a change', async () => {
    vi.stubGlobal('document', { cookie: 'a=b; csrftoken=secret' })
    const sent = vi.fn().mockResolvedValue(new Response('{"id":"1"}', { status: 201 }))
    vi.stubGlobal('fetch', sent)
    expect(await ask('/api/x/', { method: 'POST', json: { a: 1 } })).toEqual({ id: '1' })
    expect((sent.mock.calls[0]?.[1] as RequestInit).headers).toMatchObject({ 'X-CSRFToken': 'secret', 'Content-Type': 'application/json' })
    vi.unstubAllGlobals()
  })

  it('says so when nobody answers', async () => {
    vi.stubGlobal('fetch', vi.fn().mockRejectedValue(new TypeError('Failed to fetch')))
    await expect(ask('/api/x/')).rejects.toMatchObject({ code: 'unreachable', status: 0 } satisfies Partial<ApiError>)
    vi.unstubAllGlobals()
  })
})

describe('csrfToken', () => {
  it('finds its cookie among others', () => {
    expect([csrfToken('csrftoken=x'), csrfToken('a=1; csrftoken=y; b=2'), csrfToken('xcsrftoken=z')]).toEqual(['x', 'y', ''])
  })
})
