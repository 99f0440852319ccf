/** Where a pipeline is in use: endpoints, published pipelines and schedules. */
import { counted } from '../base/numbers'
import type { Schemas } from '../base/schemas'

export type PipelineUse = Schemas['PipelineUse']

const NOUNS: Record<PipelineUse['kind'], string> = { endpoint: 'Endpoint', published: 'Published pipeline', schedule: 'Schedule', trigger: 'Trigger' }

/** What uses it, and in which version. */
export const useWords = ({ kind, version }: PipelineUse): string => `${NOUNS[kind]}${version === null ? '' : `, version ${version}`}`

/** The page of what uses it. */
export const useHref = ({ kind, id }: PipelineUse): string => (kind === 'endpoint' ? `/endpoints/${id}` : kind === 'published' ? `/published/${id}` : '/schedules')

/** Whether what is drawn is what is in use. */
export const changeWords = ({ changed }: PipelineUse): string =>
  changed === null ? 'The run that it was made from is deleted.' : changed.length === 0 ? 'As it is drawn here' : `${counted(changed.length, 'step')} changed since`

/** The steps that differ from any use. */
export const changedSteps = (uses: readonly PipelineUse[]): ReadonlySet<string> => new Set(uses.flatMap(({ changed }) => changed ?? []))

const listed = (uses: readonly PipelineUse[]) => [...new Set(uses.map(({ name }) => `“${name}”`))].join(', ')

/** What goes with a pipeline that is deleted, and what of it stays. */
export function deletionWords(uses: readonly PipelineUse[]): string {
  const [going, staying] = [uses.filter(({ kind }) => kind === 'schedule' || kind === 'trigger'), uses.filter(({ kind }) => kind === 'endpoint' || kind === 'published')]
  return [
    'The pipeline and its versions are deleted for everyone. This cannot be undone. Its runs stay on the Runs page.',
    ...(going.length > 0 ? [`Its schedules and triggers go too, with their history: ${listed(going)}.`] : []),
    ...(staying.length > 0 ? [`What is published stays in use: ${listed(staying)}.`] : []),
  ].join(' ')
}
