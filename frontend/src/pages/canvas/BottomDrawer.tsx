/** The drawer under the canvas: results, log, timeline, past runs and problems. */
import { ActionIcon, Tabs, Tooltip } from '@mantine/core'
import { IconArrowsDiagonal, IconArrowsDiagonalMinimize2, IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import { useEffect } from 'react'
import { OWN_KEYS } from '../../core/base/keys'
import { ResultsDrawer } from '../../features/data'
import { NodeLog } from '../../features/logs'
import { ProblemCount, Problems } from '../../features/problems'
import { RunHistory, RunTimeline } from '../../features/runs'
import { attach, useRun } from '../../state/run'
import { choose, choosePort, onlyChosen, useSelection } from '../../state/selection'
import { resizePanel, setPanel, showTab, toggleMaximised, togglePanel, useView, type DrawerTab } from '../../state/view'
import { Empty } from '../../ui/Empty'
import { Resizer } from '../../ui/Resizer'
import classes from './CanvasPage.module.css'

function Results() {
  const runId = useRun((state) => state.run?.id)
  const chosen = useSelection(onlyChosen)
  const port = useSelection((state) => state.port)
  if (!runId) return <Empty title="No results yet">Press Run. Then select a module, or click one of its ports, to look at what it made.</Empty>
  if (!chosen) return <Empty title="Select a module">Its rows, charts or report show here.</Empty>
  return <ResultsDrawer runId={runId} node={chosen} port={port?.node === chosen ? port.port : null} onPick={choosePort} />
}

function Log() {
  const chosen = useSelection(onlyChosen)
  return chosen ? <NodeLog key={chosen} node={chosen} /> : <Empty title="Select a module">What it writes while it runs shows here.</Empty>
}

function Timeline() {
  const run = useRun((state) => state.run)
  const chosen = useSelection(onlyChosen)
  if (!run) return <Empty title="Nothing has run yet">Press Run to see how long each step takes.</Empty>
  return <RunTimeline run={run} selected={chosen} onSelect={(node) => choose([node])} />
}

function History({ pipeline }: { pipeline: string }) {
  const current = useRun((state) => state.run?.id ?? null)
  return <RunHistory pipeline={pipeline} current={current} onOpen={(run) => void attach(run)} />
}

const TABS: [DrawerTab, string][] = [['results', 'Results'], ['log', 'Log'], ['timeline', 'Timeline'], ['history', 'Runs'], ['problems', 'Problems']]

function Content({ tab, pipeline }: { tab: DrawerTab; pipeline: string }) {
  switch (tab) {
    case 'results': return <Results />
    case 'log': return <Log />
    case 'timeline': return <Timeline />
    case 'history': return <History pipeline={pipeline} />
    case 'problems': return <Problems />
  }
}

/** The drawer shrinks the canvas: its card stays in view. */
function useRevealed(open: boolean) {
  useEffect(() => {
    const chosen = onlyChosen(useSelection.getState())
    if (open && chosen) useView.getState().canvas?.reveal(chosen)
  }, [open])
}

export function BottomDrawer({ pipeline }: { pipeline: string }) {
  const open = useView((view) => view.open.drawer)
  const size = useView((view) => view.size.drawer)
  const tab = useView((view) => view.tab)
  const maximised = useView((view) => view.open.drawer && view.maximised)
  useRevealed(open)
  return (
    <section className={classes.drawer} style={{ height: open ? size : undefined }} data-maximised={maximised || undefined} aria-label="Results, log and problems">
      {open && <Resizer side="top" size={size} label="Height of the drawer" onSize={(next) => resizePanel('drawer', next)} />}
      <div className={classes.tabs}>
        <Tabs value={open ? tab : null} onChange={(next) => next && showTab(next as DrawerTab)} variant="none" keepMounted={false} className={classes.tabList}>
          <Tabs.List style={{ flexWrap: 'nowrap' }}>
            {TABS.map(([value, title]) => <Tabs.Tab key={value} value={value} className={classes.tab} rightSection={value === 'problems' && <ProblemCount />}>{title}</Tabs.Tab>)}
          </Tabs.List>
        </Tabs>
        <Tooltip label={`${maximised ? 'Restore' : 'Maximise'} (M)`} position="top-end">
          <ActionIcon size="sm" ml="auto" onClick={toggleMaximised} aria-label={maximised ? 'Restore results' : 'Maximise results'} aria-pressed={maximised}>
            {maximised ? <IconArrowsDiagonalMinimize2 size={15} /> : <IconArrowsDiagonal size={15} />}
          </ActionIcon>
        </Tooltip>
        <ActionIcon size="sm" onClick={() => (open ? setPanel('drawer', false) : togglePanel('drawer'))} aria-label={open ? 'Hide results' : 'Show results'} aria-expanded={open}>
          {open ? <IconChevronDown size={16} /> : <IconChevronUp size={16} />}
        </ActionIcon>
      </div>
      {open && <div className={classes.content} {...OWN_KEYS}><Content tab={tab} pipeline={pipeline} /></div>}
    </section>
  )
}
