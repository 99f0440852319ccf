/** Named lists of packages, each built into a directory for the sandbox, and into an image for containers. */

export type BuildState = 'none' | 'waiting' | 'building' | 'built' | 'failed'

/** What is built of an environment: for the sandbox a directory, for containers an image. */
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
  /** Built where one of its builds is. */
  state: BuildState
  /** Why none is built. */
  why: string | null
  builds: Build[]
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

export const BUILD_FOR: Record<Build['target'], string> = { sandbox: 'Sandbox', docker: 'Container image' }

export const isBuilding = (state: BuildState) => state === 'waiting' || state === 'building'

const NAME = /^[a-z0-9][a-z0-9_-]{0,59}$/

/** Why a name will not do; null when it will. */
export const nameTrouble = (name: string): string | null => (NAME.test(name) ? null : 'Use up to 60 small letters, digits, - and _, with a letter or digit first.')
