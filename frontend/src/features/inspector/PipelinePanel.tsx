/** Nothing is selected: the pipeline itself, with its results, runs, problems and people. */
import { useQuery } from '@tanstack/react-query'
import { counted } from '../../core/base/numbers'
import { useDocument } from '../../state/document'
import { useMe } from '../../state/me'
import { pipelineQuery } from '../../state/pipelines'
import { useView } from '../../state/view'
import { Timestamp } from '../../ui/Timestamp'
import { ExecutionSettings } from './ExecutionSettings'
import classes from './Inspector.module.css'
import { Parameters } from './Parameters'
import { Head } from './Part'
import { PipelinePeople } from './PipelinePeople'
import { PipelineProblems } from './PipelineProblems'
import { PipelineRuns } from './PipelineRuns'

const MENU = ['all', 'tidy', 'fit', 'outline', 'versions', 'keymap']

const JUST_OPENED = 3_000

export function PipelinePanel({ id }: { id: string }) {
  const name = useDocument((state) => state.name)
  const modules = useDocument((state) => Object.keys(state.nodes).length)
  const execution = useDocument((state) => state.execution)
  const readOnly = useDocument((state) => state.readOnly)
  const loaded = useDocument((state) => state.loaded)
  // Fetched again whenever the panel comes back: it says when the pipeline was changed, and how many versions it has.
  const { data: pipeline } = useQuery({ ...pipelineQuery(id), staleTime: JUST_OPENED })
  const me = useMe()
  if (!loaded) return null
  const by = pipeline?.updated_by && (pipeline.updated_by === (me?.user.name || me?.user.email) ? 'you' : pipeline.updated_by)
  return (
    <>
      <Head
        title={<h2 className={classes.pipelineName}>{name}</h2>} menu={MENU} label="Canvas actions"
        line={<>{counted(modules, 'module')}{pipeline && <> · changed <Timestamp at={pipeline.updated_at} />{by && ` by ${by}`}</>}{pipeline?.made_from && ` · made from the template “${pipeline.made_from.name}”, version ${pipeline.made_from.version}`}</>}
      />
      <PipelineRuns id={id} />
      <PipelineProblems />
      <Parameters />
      <PipelinePeople workspace={pipeline?.workspace} />
      <ExecutionSettings node={null} execution={execution} readOnly={readOnly} />
      <section className={classes.part} data-fold>
        <button type="button" className={classes.partTitle} onClick={() => useView.setState({ versions: true })}>Versions<span className={classes.end}>{pipeline ? pipeline.versions || 'none' : ''}</span></button>
      </section>
    </>
  )
}
