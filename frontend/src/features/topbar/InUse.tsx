/** Says where the pipeline is in use, and what has changed in it since. */
import { Button, Popover } from '@mantine/core'
import { IconBroadcast } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { nodeTitle } from '../../core/graph/connect'
import { changedSteps, changeWords, type PipelineUse, useHref, useWords } from '../../core/pipelines/uses'
import { useCatalogue } from '../../state/catalogue'
import { useDocument } from '../../state/document'
import { showNode } from '../../state/drawn'
import { usePipelineUses } from '../../state/uses'
import { useView } from '../../state/view'
import classes from './TopBar.module.css'

const SHOWN = 5

export function InUse() {
  const uses = usePipelineUses((state) => state.uses)
  const [open, setOpen] = useState(false)
  if (uses.length === 0) return null
  const changed = changedSteps(uses).size
  return (
    <Popover opened={open} onChange={setOpen} trapFocus returnFocus position="bottom-start">
      <Popover.Target>
        <Button size="compact-sm" variant="subtle" color="gray" leftSection={<IconBroadcast size={14} stroke={1.6} />} onClick={() => setOpen((before) => !before)}>
          In use{changed > 0 && `, ${changed} changed`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.uses}>
        <h2>Where this pipeline is in use</h2>
        <ul>{uses.map((use) => <Use key={`${use.kind} ${use.id}`} use={use} />)}</ul>
      </Popover.Dropdown>
    </Popover>
  )
}

function go(node: string) {
  showNode(node)
  useView.getState().canvas?.reveal(node)
}

function Use({ use }: { use: PipelineUse }) {
  const graph = useDocument()
  const catalogue = useCatalogue()
  const changed = use.changed ?? []
  const there = changed.filter((node) => graph.nodes[node])
  return (
    <li>
      <Link href={useHref(use)}>{use.name}</Link> <span>{useWords(use)}</span>
      <p>
        {changeWords(use)}
        {there.slice(0, SHOWN).map((node) => <button key={node} type="button" onClick={() => go(node)}>{nodeTitle(graph, catalogue, node)}</button>)}
        {changed.length > there.length && <span>{changed.length - there.length} removed</span>}
        {there.length > SHOWN && <span>and {there.length - SHOWN} more</span>}
      </p>
    </li>
  )
}
