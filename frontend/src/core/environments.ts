/** Named lists of packages, each built into an image for containers. */

export type BuildState = 'none' | 'waiting' | 'building' | 'built' | 'failed'

export interface Environment {
  id: string
  workspace: string
  name: string
  requirements: string[]
  created_at: string
  state: BuildState
  /** Why its build failed. */
  why: string | null
  started_at: string | null
  finished_at: string | null
}

/** A part of a build's log; `next` is where what follows begins. */
export interface BuildLog {
  text: string
  next: number
  state: BuildState
}

export const BUILD_WORDS: Record<BuildState, string> = {
  none: 'Not built', waiting: 'Waits to be built', building: 'Being built', built: 'Ready', failed: 'Failed',
}

export const isBuilding = (state: BuildState) => state === 'waiting' || state === 'building'

const NAME = /^[a-z0-9][a-z0-9_-]{0,59}$/

/** Why a name will not do; null when it will. */
export const nameTrouble = (name: string): string | null => (NAME.test(name) ? null : 'Use up to 60 small letters, digits, - and _, with a letter or digit first.')
