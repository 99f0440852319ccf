/** The HTTP client: JSON in both directions, the CSRF cookie returned, every failure an ApiError. */

import { ApiError, type ErrorBody } from '../core/base/apiError'

const UNREACHABLE = { code: 'unreachable', words: 'The server did not answer.', remedy: 'Check the connection and try again.' }

export function csrfToken(cookies = document.cookie): string {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(cookies)?.[1] ?? ''
}

export interface Asked {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  json?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** Sends a request and returns the whole response, for callers that need its headers. */
export async function request(path: string, asked: Asked = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', ...asked.headers }
  if (asked.json !== undefined) headers['Content-Type'] = 'application/json'
  if (asked.method && asked.method !== 'GET') headers['X-CSRFToken'] = csrfToken()
  const answer = await fetch(path, {
    method: asked.method ?? 'GET',
    headers,
    credentials: 'same-origin',
    body: asked.json === undefined ? undefined : JSON.stringify(asked.json),
    signal: asked.signal,
  }).catch((reason: unknown) => {
    if (asked.signal?.aborted) throw reason
    throw new ApiError(0, UNREACHABLE)
  })
  if (!answer.ok) throw errorFrom(answer.status, await answer.text())
  return answer
}

export async function ask<T>(path: string, asked: Asked = {}): Promise<T> {
  const answer = await request(path, asked)
  return (answer.status === 204 ? undefined : await answer.json()) as T
}

/** The server's error, also when a proxy responded in its place. */
export function errorFrom(status: number, text: string): ApiError {
  try {
    const parsed = JSON.parse(text) as { error?: ErrorBody }
    if (parsed.error?.words) return new ApiError(status, parsed.error)
  } catch {
    // Not JSON: a page from a proxy or a crash; its text does not help a user.
  }
  return new ApiError(status, { code: `http_${status}`, words: wordsFor(status), remedy: remedyFor(status) })
}

function wordsFor(status: number): string {
  if (status === 401) return 'You are signed out.'
  if (status === 403) return 'Your role does not allow this.'
  if (status === 404) return 'Not found, or you have no access.'
  if (status === 413) return 'The file is too large for this server.'
  return `The server answered with an error (${status}).`
}

function remedyFor(status: number): string | null {
  if (status === 401) return 'Sign in again.'
  if (status === 403) return 'Ask an admin of the workspace for a higher role.'
  return status >= 500 ? 'Try again in a moment.' : null
}

/** Sends a form with a file; fetch cannot report progress, XMLHttpRequest can. */
export function upload<T>(path: string, form: FormData, onProgress?: (share: number) => void, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest()
    sending.open('POST', path)
    sending.setRequestHeader('X-CSRFToken', csrfToken())
    sending.setRequestHeader('Accept', 'application/json')
    sending.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress?.(event.loaded / event.total)
    }
    sending.onload = () => {
      if (sending.status < 300) resolve(JSON.parse(sending.responseText) as T)
      else reject(errorFrom(sending.status, sending.responseText))
    }
    sending.onerror = () => reject(new ApiError(0, UNREACHABLE))
    sending.onabort = () => reject(new ApiError(0, { code: 'stopped', words: 'The upload was cancelled.' }))
    signal?.addEventListener('abort', () => sending.abort())
    sending.send(form)
  })
}
