/** Says where the pipeline is in use, and what has changed in it since. */
import { Button, Menu, Popover } from '@mantine/core'
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
import { Dialog } from '../../ui/Dialog'
import classes from './TopBar.module.css'

const SHOWN = 5

const TITLE = 'Where this pipeline is in use'

/** What the button says; null where nothing uses the pipeline. */
function useButtonWords(): string | null {
  const uses = usePipelineUses((state) => state.uses)
  const changed = changedSteps(uses).size
  return uses.length === 0 ? null : `In use${changed > 0 ? `, ${changed} changed` : ''}`
}

export function InUse() {
  const [open, setOpen] = useState(false)
  const words = useButtonWords()
  return words && (
    <Popover opened={open} onChange={setOpen} trapFocus returnFocus position="bottom-start">
      <Popover.Target>
        <Button size="compact-sm" variant="subtle" color="gray" leftSection={<IconBroadcast size={14} stroke={1.6} />} onClick={() => setOpen((before) => !before)}>
          {words}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.uses}>
        <h2>{TITLE}</h2>
        <Uses />
      </Popover.Dropdown>
    </Popover>
  )
}

/** The same as an item of the menu of a phone. */
export function InUseItem({ onClick }: { onClick: () => void }) {
  const words = useButtonWords()
  return words && <Menu.Item fz={13} leftSection={<IconBroadcast size={16} stroke={1.6} />} onClick={onClick}>{words}</Menu.Item>
}

export const InUseDialog = ({ onClose }: { onClose: () => void }) => (
  <Dialog title={TITLE} onClose={onClose} buttons={<Button variant="default" onClick={onClose}>Close</Button>}>
    <div className={classes.uses}><Uses onGo={onClose} /></div>
  </Dialog>
)

function Uses({ onGo }: { onGo?: () => void }) {
  const uses = usePipelineUses((state) => state.uses)
  return <ul>{uses.map((use) => <Use key={`${use.kind} ${use.id}`} use={use} onGo={onGo} />)}</ul>
}

function go(node: string) {
  showNode(node)
  useView.getState().canvas?.reveal(node)
}

function Use({ use, onGo }: { use: PipelineUse; onGo: (() => void) | undefined }) {
  const graph = useDocument()
  const catalogue = useCatalogue()
  const changed = use.changed ?? []
  const there = changed.filter((node) => graph.nodes[node])
  return (
    <li>
      <Link href={useHref(use)}>{use.name}</Link> <span>{useWords(use)}</span>
      <p>
        {changeWords(use)}
        {there.slice(0, SHOWN).map((node) => <button key={node} type="button" onClick={() => { onGo?.(); go(node) }}>{nodeTitle(graph, catalogue, node)}</button>)}
        {changed.length > there.length && <span>{changed.length - there.length} removed</span>}
        {there.length > SHOWN && <span>and {there.length - SHOWN} more</span>}
      </p>
    </li>
  )
}
