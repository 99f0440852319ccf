/** Notices: runs of schedules that failed or recovered, and alarms of endpoints. */
import type { Schemas } from '../base/schemas'

export type Notice = Schemas['Notice']

/** Where one looks at what a notice tells of. */
export function addressOf({ run, about }: Pick<Notice, 'run' | 'about'>): string {
  if (run) return `/runs/${run}`
  return about.noun === 'endpoint' ? `/endpoints/${about.id}?tab=monitor` : '/schedules'
}

/** Whether a notice was sent on, in words. */
export function sent({ channel, sent_at, tries, error }: Notice['sendings'][number]): string {
  const by = channel === 'email' ? 'email' : 'webhook'
  if (sent_at) return `Sent by ${by}`
  return tries === 0 ? `Waits to be sent by ${by}` : `Not sent by ${by} after ${tries} tries: ${error}`
}

/** A number on a small mark. */
export const atMost99 = (count: number) => (count > 99 ? '99+' : String(count))
