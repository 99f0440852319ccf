/** Every action, found by name, and the keymap. */
import { Modal, ScrollArea, Text, TextInput, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useMemo, useState, type KeyboardEvent } from 'react'
import { commands, type Command } from '../../state/commands'
import { useView } from '../../state/view'
import { Keys } from '../../ui/Keys'
import classes from './Commands.module.css'

const close = () => useView.setState({ commands: null })

function matching(all: Command[], query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return all.filter((command) => words.every((word) => `${command.title} ${command.section}`.toLowerCase().includes(word)))
}

function useOffered(): Command[] {
  const { toggleColorScheme } = useMantineColorScheme()
  return useMemo(() => [
    ...commands.filter((command) => !command.gesture && command.id !== 'commands' && (command.can?.() ?? true)),
    { id: 'scheme', title: 'Switch between light and dark', section: 'Look', keys: [], run: toggleColorScheme } satisfies Command,
  ], [toggleColorScheme])
}

function Finder() {
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const found = matching(useOffered(), query)
  const take = (command: Command | undefined) => {
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
      <TextInput data-autofocus placeholder="What do you want to do" aria-label="What do you want to do" value={query} onChange={(event) => { setQuery(event.currentTarget.value); setActive(0) }} onKeyDown={onKeyDown} mb="xs" />
      <ScrollArea.Autosize mah={360}>
        {found.map((command, at) => (
          <UnstyledButton key={command.id} className={classes.row} data-active={at === active || undefined} onClick={() => take(command)} onPointerMove={() => setActive(at)}>
            <span>{command.title}</span>
            {command.on?.() && <IconCheck size={15} aria-label="On" />}
            {command.keys[0] && <Keys shortcut={command.keys[0]} />}
          </UnstyledButton>
        ))}
        {found.length === 0 && <Text fz={13} c="dimmed" p="xs">Nothing by that name.</Text>}
      </ScrollArea.Autosize>
    </>
  )
}

function Keymap() {
  const sections = [...new Set(commands.map((command) => command.section))]
  return (
    <div className={classes.keymap}>
      {sections.map((section) => (
        <section key={section}>
          <h3>{section}</h3>
          {commands.filter((command) => command.section === section && command.keys.length > 0).map((command) => (
            <div key={command.id} className={classes.key}>
              <span>{command.title}</span>
              <span>{command.keys.map((shortcut) => <Keys key={shortcut} shortcut={shortcut} />)}</span>
            </div>
          ))}
        </section>
      ))}
    </div>
  )
}

export function Commands() {
  const open = useView((view) => view.commands)
  if (open === null) return null
  const keymap = open === 'keymap'
  return (
    <Modal opened onClose={close} size={keymap ? 760 : 480} title={keymap ? 'Keys' : 'Commands'} yOffset="12vh" closeButtonProps={{ 'aria-label': 'Close' }}>
      {keymap ? <Keymap /> : <Finder />}
    </Modal>
  )
}
