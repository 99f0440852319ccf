/** The command palette: every action, card and module by name; and the keymap. */
import { Modal, ScrollArea, Text, TextInput, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useMemo, useState, type KeyboardEvent } from 'react'
import { findModules } from '../../core/catalogue/catalogue'
import { nodeTitle } from '../../core/graph/connect'
import { flowOrder } from '../../core/graph/flowOrder'
import { useCatalogue } from '../../state/catalogue'
import { contributed, type Command } from '../../state/contributions'
import { currentGraph, useDocument } from '../../state/document'
import { addNode } from '../../state/edit'
import { choose, onlyChosen, useSelection } from '../../state/selection'
import { useView } from '../../state/view'
import { Keys } from '../../ui/Keys'
import classes from './Commands.module.css'
import { Keymap } from './Keymap'

const close = () => useView.setState({ commands: null })

interface Entry extends Pick<Command, 'id' | 'title' | 'run' | 'on'> {
  keys?: string[]
  /** Its kind, when it is not an action. */
  kind?: string
  /** Search terms beside its title. */
  more?: string
}

function matching(all: Entry[], query: string): Entry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return all.filter(({ title, more = '' }) => words.every((word) => `${title} ${more}`.toLowerCase().includes(word)))
}

function goToCard(id: string) {
  const { canvas } = useView.getState()
  choose([id])
  canvas?.reveal(id)
  canvas?.focus(id)
}

function add(module: string) {
  const { canvas } = useView.getState()
  const added = canvas && addNode(module, canvas.middle(), { anywhere: true, after: onlyChosen(useSelection.getState()) })
  if (added) goToCard(added)
}

const MOST = 12

/** Cards to go to and modules to add, once the query is not empty. */
function useCardsAndModules(query: string): Entry[] {
  const catalogue = useCatalogue()
  const graph = currentGraph()
  if (!query.trim()) return []
  const cards = flowOrder(graph).map((id): Entry => ({ id: `card ${id}`, title: nodeTitle(graph, catalogue, id), kind: 'On the canvas', run: () => goToCard(id) }))
  const modules = useDocument.getState().readOnly ? [] : findModules(catalogue.modules, query).slice(0, MOST)
  return [...matching(cards, query).slice(0, MOST), ...modules.map(({ id, title }): Entry => ({ id: `add ${id}`, title: `Add ${title}`, kind: 'Module', run: () => add(id) }))]
}

function useCommands(): Entry[] {
  const { toggleColorScheme } = useMantineColorScheme()
  return useMemo(() => [
    ...contributed.commands.filter((command) => !command.gesture && command.id !== 'commands' && (command.can?.() ?? true)).map((command) => ({ ...command, more: command.section })),
    { id: 'scheme', title: 'Switch between light and dark theme', more: 'View', run: toggleColorScheme },
  ], [toggleColorScheme])
}

function Finder() {
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const things = useCardsAndModules(query)
  const found = [...matching(useCommands(), query), ...things]
  const take = (command: Entry | undefined) => {
    close()
    if (command) setTimeout(() => command.run())
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step) setActive((at) => (at + step + found.length) % Math.max(1, found.length))
    else if (event.key === 'Enter') take(found[active])
    else return
    event.preventDefault()
  }
  return (
    <>
      <TextInput data-autofocus placeholder="Search commands, cards and modules" aria-label="Search commands, cards and modules" value={query} onChange={(event) => { setQuery(event.currentTarget.value); setActive(0) }} onKeyDown={onKeyDown} mb="xs" />
      <ScrollArea.Autosize mah={360}>
        {found.map((command, at) => (
          <UnstyledButton key={command.id} className={classes.row} data-active={at === active || undefined} onClick={() => take(command)} onPointerMove={() => setActive(at)}>
            <span>{command.title}</span>
            {command.on?.() && <IconCheck size={15} aria-label="On" />}
            {command.kind && <span className={classes.kind}>{command.kind}</span>}
            {command.keys?.[0] && <Keys shortcut={command.keys[0]} />}
          </UnstyledButton>
        ))}
        {found.length === 0 && <Text fz={13} c="dimmed" p="xs">No matches.</Text>}
      </ScrollArea.Autosize>
    </>
  )
}

export function Commands() {
  const open = useView((view) => view.commands)
  if (open === null) return null
  const keymap = open === 'keymap'
  return (
    <Modal opened onClose={close} size={keymap ? 760 : 480} title={keymap ? 'Keyboard shortcuts' : 'Commands'} yOffset="12vh" closeButtonProps={{ 'aria-label': 'Close' }}>
      {keymap ? <Keymap /> : <Finder />}
    </Modal>
  )
}
