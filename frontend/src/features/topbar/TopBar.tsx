/** The bar above the canvas: location, save state, users, and Run. */
import { ActionIcon, Skeleton, Tooltip } from '@mantine/core'
import { IconArrowBackUp, IconArrowForwardUp, IconHistory, IconSearch, type Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { commandOf } from '../../state/commands'
import { useDocument } from '../../state/document'
import { setName } from '../../state/edit'
import { useRun } from '../../state/run'
import { isBusy } from '../../state/runDraft'
import { Keys, keyWords } from '../../ui/Keys'
import { Mark } from '../../ui/Mark'
import { SchemeToggle } from '../../ui/SchemeToggle'
import { useNarrow } from '../../ui/useNarrow'
import { InUse } from './InUse'
import { More } from './More'
import { People } from './People'
import { PipelineMenu } from './PipelineMenu'
import { RunButton } from './RunButton'
import { RunLine, RunStatus } from './RunStatus'
import { SavedState } from './SavedState'
import classes from './TopBar.module.css'
import { useName } from './useName'

function CommandIcon({ id, Drawn, disabled = false }: { id: string; Drawn: Icon; disabled?: boolean }) {
  const command = commandOf(id)
  if (!command) return null
  return (
    <Tooltip label={`${command.title} (${keyWords(command.keys[0] ?? '')})`}>
      <ActionIcon size={28} onClick={() => command.run()} aria-label={command.title} aria-disabled={disabled} data-disabled={disabled || undefined}><Drawn size={16} stroke={1.6} /></ActionIcon>
    </Tooltip>
  )
}

const Home = () => <Tooltip label="All pipelines"><Link href="/" className={classes.home} aria-label="Easel: all pipelines"><Mark size={24} /></Link></Tooltip>

function Name() {
  const readOnly = useDocument((state) => state.readOnly)
  const loaded = useDocument((state) => state.loaded || state.saved !== 'loading')
  const name = useName(useDocument((state) => state.name), setName)
  if (!loaded) return <Skeleton h={12} w={140} mx={6} />
  return <input className={classes.name} data-pipeline-name aria-label="Name of the pipeline" title={name.value} maxLength={200} readOnly={readOnly} {...name} />
}

/** Opens the commands: every action, card, module and pipeline by name. */
function Find() {
  const command = commandOf('commands')
  if (!command) return null
  return <button type="button" className={classes.find} title={command.title} onClick={() => command.run()}><IconSearch size={16} stroke={1.6} aria-hidden /><span>Search</span><Keys shortcut="mod+k" /></button>
}

function UndoRedo() {
  const canUndo = useDocument((state) => state.canUndo)
  const canRedo = useDocument((state) => state.canRedo)
  const readOnly = useDocument((state) => state.readOnly)
  if (readOnly) return null
  return <><CommandIcon id="undo" Drawn={IconArrowBackUp} disabled={!canUndo} /><CommandIcon id="redo" Drawn={IconArrowForwardUp} disabled={!canRedo} /><span className={classes.rule} /></>
}

function Wide({ notices }: { notices: ReactNode }) {
  return (
    <>
      <span className={classes.title}><Name /><PipelineMenu /></span>
      <SavedState />
      <InUse />
      <span className={classes.gap} />
      <span className={classes.group}>
        <UndoRedo />
        <Find />
        <CommandIcon id="versions" Drawn={IconHistory} />
        {notices}
        <SchemeToggle />
      </span>
      <People most={4} />
      <RunStatus />
      <RunButton height={28} />
    </>
  )
}

function Narrow({ notices }: { notices: ReactNode }) {
  const busy = useRun(isBusy)
  return (
    <>
      <span className={classes.title}>
        <Name />
        <span className={classes.under}>{busy ? <RunStatus /> : <SavedState />}</span>
      </span>
      <People most={2} />
      {notices}
      <RunButton height={44} />
      <More />
    </>
  )
}

/** `notices` shows those of the person. */
export function TopBar({ notices }: { notices: ReactNode }) {
  const narrow = useNarrow()
  const name = useDocument((state) => state.name)
  return (
    <div className={classes.bar} role="region" aria-label="Pipeline" data-narrow={narrow || undefined}>
      <Home />
      <h1 className="visually-hidden">{name || 'Pipeline'}</h1>
      {narrow ? <Narrow notices={notices} /> : <Wide notices={notices} />}
      <RunLine />
    </div>
  )
}
