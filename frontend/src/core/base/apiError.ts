/** API errors: a refusal or failure of the server, with words for the user. */

import type { Schemas } from './schemas'
import type { Problem } from './problems'

export type ErrorBody = Pick<Schemas['Fault'], 'code' | 'words'> & Partial<Schemas['Fault']>

export class ApiError extends Error {
  readonly code: string
  readonly words: string
  readonly remedy: string | null
  readonly problems: Problem[]
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>

  constructor(status: number, body: ErrorBody) {
    super(body.words)
    this.name = 'ApiError'
    this.code = body.code
    this.words = body.words
    this.remedy = body.remedy ?? null
    this.problems = body.problems ?? []
    this.status = status
    this.body = { ...body }
  }
}

/** Any failure as an ApiError, so that there is always a message to show. */
export function asApiError(reason: unknown): ApiError {
  if (reason instanceof ApiError) return reason
  const detail = reason instanceof Error ? reason.message : String(reason)
  return new ApiError(0, { code: 'unexpected', words: `Something went wrong on this page: ${detail}`, remedy: 'Reload the page and try again.' })
}
