import { IconCloudOff, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { counted } from '../../core/base/numbers'
import { findSamples } from '../../core/pipelines/samples'
import { openSample } from '../../server/rest'
import { useDocument } from '../../state/document'
import { useOpening } from '../../state/opening'
import { pipelineQuery, samplesQuery } from '../../state/pipelines'
import { Empty } from '../../ui/Empty'
import { ModuleRow } from '../../ui/ModuleRow'
import { Loading } from './ModuleList'
import classes from './Palette.module.css'

/** A hue of its own: a sample is no module of a shelf. */
const HUE = 275

/** Whole pipelines to start from: each opens as a copy in the workspace of the open pipeline. */
export function SampleList({ query }: { query: string }) {
  const id = useDocument((state) => state.pipelineId) ?? ''
  const { data: pipeline } = useQuery({ ...pipelineQuery(id), enabled: id !== '' })
  const { data, isPending, isError } = useQuery(samplesQuery)
  const opening = useOpening((slug: string) => openSample(slug, pipeline?.workspace))
  if (isPending) return <Loading />
  if (isError) return <Empty failed title="The samples could not be loaded" icon={IconCloudOff}>Reload the page to try again.</Empty>
  const found = findSamples(data, query)
  if (found.length === 0) return <Empty title={`No sample matches “${query}”`} icon={IconSearch}>Topics, tasks and tags are searched too.</Empty>
  return (
    <>
      <p className={classes.words}>Each opens as a copy, with its data. This pipeline does not change.</p>
      {found.map(({ slug, title, summary, task, modules }) => (
        <div key={slug} className={classes.row} data-hint={title} data-words={summary}>
          <button type="button" className={classes.item} data-row data-opens tabIndex={-1} disabled={opening.isPending} aria-description={`${summary} Opens as a copy.`} onClick={() => opening.mutate(slug)}>
            <ModuleRow title={title} summary={`${counted(modules, 'module')} · ${task}`} icon="binary-tree-2" hue={HUE} />
          </button>
        </div>
      ))}
    </>
  )
}
