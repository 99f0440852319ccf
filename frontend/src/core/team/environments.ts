/** Named lists of packages, each built as a directory for the sandbox and as an image for containers. */
import type { Schemas } from '../base/schemas'

export type Environment = Schemas['Environment']
export type BuildState = Environment['state']

export type Build = Schemas['EnvironmentBuild']

export type BuildLog = Schemas['BuildLog']

export const BUILD_WORDS: Record<BuildState, string> = {
  none: 'Not built', waiting: 'Queued', building: 'Building', built: 'Ready', failed: 'Failed',
}

export const BUILD_FOR: Record<Build['target'], string> = { sandbox: 'Sandbox', docker: 'Container image' }

export const isBuilding = (state: BuildState) => state === 'waiting' || state === 'building'

const NAME = /^[a-z0-9][a-z0-9_-]{0,59}$/

/** Why a name is invalid; null when it is valid. */
export const nameProblem = (name: string): string | null => (NAME.test(name) ? null : 'Use up to 60 lowercase letters, digits, - and _, with a letter or digit first.')
