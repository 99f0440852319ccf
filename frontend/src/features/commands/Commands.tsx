/** The commands: every action, card, module and pipeline by name; and the keymap. */
import { Modal } from '@mantine/core'
import { IconCheck, IconSearch } from '@tabler/icons-react'
import { useState, type KeyboardEvent } from 'react'
import { useView } from '../../state/view'
import { Empty } from '../../ui/Empty'
import { Keys } from '../../ui/Keys'
import { useReturnFocus } from '../../ui/useReturnFocus'
import classes from './Commands.module.css'
import { Keymap } from './Keymap'
import { useGroups, type Entry } from './useEntries'

const close = () => useView.setState({ commands: null })

/** Once the dialog has gone: the entry may open another, or move the focus. */
function take(entry: Entry | undefined) {
  close()
  if (entry) setTimeout(() => entry.run())
}

const optionId = (entry: Entry | undefined) => entry && `command-${entry.id.replaceAll(' ', '-')}`

function Option({ entry, active, onPoint }: { entry: Entry; active: boolean; onPoint: () => void }) {
  return (
    <div
      id={optionId(entry)} className={classes.row} role="option" aria-selected={active} onClick={() => take(entry)} onPointerMove={onPoint}
      ref={active ? (row) => row?.scrollIntoView({ block: 'nearest' }) : undefined}
    >
      <span className={classes.icon}>{entry.icon}</span>
      <span className={classes.words}>{entry.title}</span>
      {entry.on && <IconCheck size={16} aria-label="On" />}
      {entry.keys?.[0] ? <Keys shortcut={entry.keys[0]} /> : active && <Keys shortcut="enter" />}
    </div>
  )
}

function Finder({ workspace }: { workspace: string | undefined }) {
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const groups = useGroups(query, workspace)
  const found = groups.flatMap(({ entries }) => entries)
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step) setActive((at) => (at + step + found.length) % Math.max(1, found.length))
    else if (event.key === 'Enter') take(found[active])
    else return
    event.preventDefault()
  }
  return (
    <>
      <div className={classes.head}>
        <IconSearch size={16} stroke={1.6} aria-hidden />
        <input
          className={classes.input} data-autofocus placeholder="Search cards, modules, actions and pipelines" aria-label="Search cards, modules, actions and pipelines" value={query}
          role="combobox" aria-expanded aria-controls="commands-found" aria-activedescendant={optionId(found[active])} autoComplete="off" spellCheck={false}
          onChange={(event) => { setQuery(event.currentTarget.value); setActive(0) }} onKeyDown={onKeyDown}
        />
        <Keys shortcut="escape" />
      </div>
      <div id="commands-found" className={classes.list} role="listbox" aria-label="Search results">
        {groups.map(({ title, entries }) => (
          <div key={title} role="group" aria-label={title}>
            <div className={classes.group} aria-hidden>{title}</div>
            {entries.map((entry) => <Option key={entry.id} entry={entry} active={entry === found[active]} onPoint={() => setActive(found.indexOf(entry))} />)}
          </div>
        ))}
      </div>
      {found.length === 0 && <div role="status"><Empty title={`Nothing matches “${query}”`} icon={IconSearch}>Try fewer letters.</Empty></div>}
    </>
  )
}

export function Commands({ workspace }: { workspace: string | undefined }) {
  const open = useView((view) => view.commands)
  return open && <Opened what={open} workspace={workspace} />
}

function Opened({ what, workspace }: { what: 'keymap' | 'palette'; workspace: string | undefined }) {
  useReturnFocus()
  if (what === 'keymap') return <Modal opened onClose={close} size={760} title="Keyboard shortcuts" yOffset="12vh" closeButtonProps={{ 'aria-label': 'Close' }}><Keymap /></Modal>
  return (
    <Modal.Root opened onClose={close} size={560} yOffset="12vh">
      <Modal.Overlay />
      <Modal.Content aria-label="Commands"><Modal.Body p={0}><Finder workspace={workspace} /></Modal.Body></Modal.Content>
    </Modal.Root>
  )
}
