/** The audit trail: who did what, from which address, and with which outcome. */
import type { Schemas } from '../base/schemas'

export type AuditEntry = Schemas['AuditEntry']
export type AuditPage = Schemas['AuditPage']
export type Outcome = AuditEntry['outcome']

export const OUTCOMES: { value: Outcome; label: string }[] = [{ value: 'allowed', label: 'Allowed' }, { value: 'refused', label: 'Refused' }, { value: 'failed', label: 'Failed' }]

export interface AuditFilter {
  who?: string
  action?: string
  outcome?: string
  since?: string
  until?: string
}

const VIA: Record<string, string> = { session: 'in the browser', password: 'with a password', link: 'with a link', window: 'in an open browser tab', command: 'on the server', worker: 'by a worker' }

/** The object of the action. */
export function subjectOf({ kind, name, subject }: AuditEntry): string {
  return [kind, name || subject.slice(0, 8)].filter(Boolean).join(' ')
}

/** The channel (browser, token …) and the address. */
export function channelOf({ via, address, details }: AuditEntry): string {
  const way = via === 'token' ? `with the token ${String(details.token ?? '')}`.trim() : VIA[via] ?? ''
  return [way, address && `from ${address}`].filter(Boolean).join(' ')
}

/** The details in words, without the token, which `wayOf` names. */
export function detailsOf({ details, code }: AuditEntry): string {
  const words = Object.entries(details).filter(([key]) => key !== 'token').map(([key, value]) => `${key.replace(/_/g, ' ')}: ${value === null ? 'none' : String(value)}`)
  return [code.replace(/_/g, ' '), ...words].filter(Boolean).join(', ')
}

const DAY = 86_400_000

/** A filter as query parameters: empty values are left out, and the last day is included. */
export function filterQuery({ until, ...filter }: AuditFilter): Record<string, string> {
  const after = until ? new Date(Date.parse(until) + DAY).toISOString().slice(0, 10) : ''
  return Object.fromEntries(Object.entries({ ...filter, until: after }).filter((pair): pair is [string, string] => Boolean(pair[1])))
}
