import { UnstyledButton } from '@mantine/core'
import { IconTable } from '@tabler/icons-react'
import { versionOf } from '../../core/data/datasets'
import { useChosenDataset } from '../../state/datasets'
import { runDraft } from '../../state/runDraft'
import { useRun } from '../../state/run'
import { choosePort, onlyChosen, useSelection } from '../../state/selection'
import { useShownPlace } from '../../state/shownPlace'
import { useStale } from '../../state/stale'
import { mayRun } from '../../state/commands'
import { STALE_WORDS } from '../../core/runs/staleness'
import { Empty } from '../../ui/Empty'
import { StateMark } from '../../ui/StateMark'
import { ResultsDrawer, RunToHere } from './ResultsDrawer'
import classes from './results.module.css'
import { Table } from './TableResults'

/** That the results shown are older than the module. */
function Outdated({ node }: { node: string }) {
  const stale = useStale((state) => state.stale.get(node))
  useRun((state) => state.run?.state)
  if (!stale) return null
  return (
    <p className={classes.outdated} role="status">
      <StateMark state="stale" size={14} />
      <span>{STALE_WORDS[stale]}</span>
      {mayRun() && <UnstyledButton data-once onClick={() => void runDraft()}>Run</UnstyledButton>}
    </p>
  )
}

/** The results of the selected module; of a dataset that has not run, the rows that it will give. */
export function ResultsTab() {
  const runId = useRun((state) => state.run?.id)
  const { node: chosen, port } = useShownPlace()
  const card = useSelection(onlyChosen)
  const ran = useRun((state) => chosen !== null && Object.keys(state.run?.steps[chosen]?.outputs ?? {}).length > 0)
  const unread = useChosenDataset(ran ? null : chosen)
  if (unread) {
    const { dataset, version } = unread
    return (
      <section className={classes.drawer} aria-label="Results">
        <Table key={`${dataset.id} ${version}`} place={{ dataset: dataset.id, version }} digest={String(version)} rows={versionOf(dataset, version)?.rows ?? null} label={dataset.title || dataset.name} lead={null} />
      </section>
    )
  }
  if (!runId) return <Empty title="No results yet" icon={IconTable} actions={chosen && <RunToHere node={chosen} />}>{chosen ? 'Run to here to see the results of this module.' : 'Press Run. Then select a module, or click one of its ports, to see its results.'}</Empty>
  if (!chosen) return <Empty title="Select a module" icon={IconTable}>Its rows, charts or report appear here.</Empty>
  return (
    <div className={classes.tab}>
      {ran && <Outdated node={chosen} />}
      <ResultsDrawer runId={runId} node={chosen} port={port} onPick={(pick) => choosePort({ ...pick, card: card ?? pick.node })} />
    </div>
  )
}
