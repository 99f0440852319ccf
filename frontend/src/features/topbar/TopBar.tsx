/** The bar above the canvas: location, save state, users, and Run. */
import { ActionIcon, Anchor, TextInput, Tooltip } from '@mantine/core'
import { IconArrowBackUp, IconArrowForwardUp, IconChevronLeft, IconHistory, IconSearch, type Icon } from '@tabler/icons-react'
import { Link } from 'wouter'
import { commandOf } from '../../state/commands'
import { useDocument } from '../../state/document'
import { setName } from '../../state/edit'
import { keyWords } from '../../ui/Keys'
import { SchemeToggle } from '../../ui/SchemeToggle'
import { People } from './People'
import { RunButton } from './RunButton'
import { SavedState } from './SavedState'
import classes from './TopBar.module.css'
import { useName } from './useName'

function CommandIcon({ id, Drawn, disabled = false }: { id: string; Drawn: Icon; disabled?: boolean }) {
  const command = commandOf(id)
  if (!command) return null
  return (
    <Tooltip label={`${command.title} (${keyWords(command.keys[0] ?? '')})`}>
      <ActionIcon onClick={() => command.run()} aria-label={command.title} aria-disabled={disabled} data-disabled={disabled || undefined}><Drawn size={18} stroke={1.7} /></ActionIcon>
    </Tooltip>
  )
}

function Name() {
  const readOnly = useDocument((state) => state.readOnly)
  const name = useName(useDocument((state) => state.name), setName)
  return <TextInput variant="unstyled" size="sm" classNames={{ input: classes.name }} aria-label="Name of the pipeline" readOnly={readOnly} {...name} />
}

export function TopBar() {
  const canUndo = useDocument((state) => state.canUndo)
  const canRedo = useDocument((state) => state.canRedo)
  const readOnly = useDocument((state) => state.readOnly)
  const name = useDocument((state) => state.name)
  return (
    <div className={classes.bar} role="region" aria-label="Pipeline">
      <Anchor component={Link} href="/" className={classes.home} aria-label="Easel: all pipelines"><IconChevronLeft size={18} stroke={1.7} aria-hidden /><span>Easel</span></Anchor>
      <h1 className="visually-hidden">{name || 'Pipeline'}</h1>
      <Name />
      <span className={classes.wide}><CommandIcon id="versions" Drawn={IconHistory} /></span>
      <SavedState />
      <span className={classes.gap} />
      <People />
      {!readOnly && <CommandIcon id="undo" Drawn={IconArrowBackUp} disabled={!canUndo} />}
      {!readOnly && <CommandIcon id="redo" Drawn={IconArrowForwardUp} disabled={!canRedo} />}
      <CommandIcon id="commands" Drawn={IconSearch} />
      <span className={classes.wide}><SchemeToggle /></span>
      <RunButton />
    </div>
  )
}
