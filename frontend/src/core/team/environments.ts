/** Named lists of packages, each built as a directory for the sandbox and as an image for containers. */

export type BuildState = 'none' | 'waiting' | 'building' | 'built' | 'failed'

/** A build of an environment: a directory for the sandbox, an image for containers. */
export interface Build {
  target: 'sandbox' | 'docker'
  state: BuildState
  /** Why it failed. */
  why: string | null
}

export interface Environment {
  id: string
  workspace: string
  name: string
  requirements: string[]
  created_at: string
  /** Built when one of its builds is. */
  state: BuildState
  /** Why none is built. */
  why: string | null
  builds: Build[]
  started_at: string | null
  finished_at: string | null
}

/** A part of a build's log; `next` is the offset of the following part. */
export interface BuildLog {
  text: string
  next: number
  state: BuildState
}

export const BUILD_WORDS: Record<BuildState, string> = {
  none: 'Not built', waiting: 'Queued', building: 'Building', built: 'Ready', failed: 'Failed',
}

export const BUILD_FOR: Record<Build['target'], string> = { sandbox: 'Sandbox', docker: 'Container image' }

export const isBuilding = (state: BuildState) => state === 'waiting' || state === 'building'

const NAME = /^[a-z0-9][a-z0-9_-]{0,59}$/

/** Why a name is invalid; null when it is valid. */
export const nameProblem = (name: string): string | null => (NAME.test(name) ? null : 'Use up to 60 lowercase letters, digits, - and _, with a letter or digit first.')
