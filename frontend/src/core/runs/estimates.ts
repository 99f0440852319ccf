/** The estimated cost of a step, from earlier runs. */
import type { Schemas } from '../base/schemas'
import { counted, duration, memory } from '../base/numbers'

export type Estimate = Schemas['Estimate']
export type Estimates = Schemas['Estimates']

const MB = 1024 ** 2

export function estimateWords({ seconds, peak_bytes, based_on, runs }: Estimate): string {
  return `${peak_bytes < MB ? 'Under 1\u00a0MB' : `About ${memory(peak_bytes)}`} and ${duration(seconds)}, from ${counted(runs, 'earlier run')}${based_on === 'module' ? ' of this module' : ''}.`
}

/** Why a step would exceed its memory limit; null when it would not, or nothing is known. */
export function memoryWarning(estimate: Estimate | undefined, limit: number | null, own: number | undefined): string | null {
  const most = Math.min(limit ?? Infinity, own === undefined ? Infinity : own * MB)
  if (!estimate || estimate.peak_bytes <= most) return null
  const whose = own !== undefined && own * MB === most ? 'its memory limit' : 'the memory limit of the workspace'
  return `It needs about ${memory(estimate.peak_bytes)}, more than ${whose} of ${memory(most)}.`
}
