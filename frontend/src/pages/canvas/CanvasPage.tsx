/** The canvas page with its panels. */
import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconLayoutSidebar, IconLayoutSidebarRight } from '@tabler/icons-react'
import { useEffect, type ReactNode } from 'react'
import { Link } from 'wouter'
import { asApiError } from '../../core/base/apiError'
import { flowOrder } from '../../core/graph/flowOrder'
import { Canvas } from '../../features/canvas'
import { Commands, useFocusHome, useKeys } from '../../features/commands'
import { Inspector, RunWith } from '../../features/inspector'
import { NoticesButton } from '../../features/notices/NoticesButton'
import { LoadingPalette, Palette } from '../../features/palette'
import { TopBar } from '../../features/topbar'
import { Versions } from '../../features/versions'
import { useDocument } from '../../state/document'
import { currentDrawing } from '../../state/drawn'
import { onlyChosen, useSelection } from '../../state/selection'
import { resizePanel, togglePanel, useView, type Panel } from '../../state/view'
import { Empty } from '../../ui/Empty'
import { Failure } from '../../ui/Failure'
import { NotFound } from '../../ui/NotFound'
import { Resizer } from '../../ui/Resizer'
import { useAfterPaint } from '../../ui/useAfterPaint'
import { useNarrow } from '../../ui/useNarrow'
import '../contributions'
import { Shell } from '../Shell'
import { BottomDrawer } from './BottomDrawer'
import classes from './CanvasPage.module.css'
import { LoadingCanvas } from './LoadingCanvas'
import { Sheet } from './Sheet'
import { useOpenPipeline } from './useOpenPipeline'
import { useRunNotices } from './useRunNotices'

/** Results in full screen lie over everything else, which the keyboard then passes over. */
const useCovered = () => useView((view) => view.open.drawer && view.maximised)

/** The palette folds itself, from the line of its tabs. */
interface SideProps {
  panel: Exclude<Panel, 'drawer'>
  side: 'left' | 'right'
  title: string
  children: ReactNode
}

function Side({ panel, side, title, children }: SideProps) {
  const open = useView((view) => view.open[panel])
  const size = useView((view) => view.size[panel])
  const covered = useCovered()
  const Icon = side === 'left' ? IconLayoutSidebar : IconLayoutSidebarRight
  const toggles = side === 'right' || !open
  return (
    <aside className={classes.side} aria-label={`The ${title}`} data-side={side} data-open={open || undefined} inert={covered} style={{ width: open ? size : undefined }}>
      {toggles && (
        <Tooltip label={`${open ? 'Hide' : 'Show'} ${title} (${side === 'left' ? '[' : ']'})`} position={side === 'left' ? 'right' : 'left'}>
          <ActionIcon size={28} className={classes.fold} onClick={() => togglePanel(panel)} aria-label={`${open ? 'Hide' : 'Show'} ${title}`} aria-expanded={open}><Icon size={16} stroke={1.6} /></ActionIcon>
        </Tooltip>
      )}
      {open && children}
      {open && <Resizer side={side === 'left' ? 'right' : 'left'} size={size} label={`Width of ${title}`} onSize={(next) => resizePanel(panel, next)} />}
    </aside>
  )
}

function SignedOut() {
  return (
    <div className={classes.state}>
      <Empty title="You are signed out" actions={<Button component="a" href={`/sign-in?next=${encodeURIComponent(location.pathname)}`}>Sign in</Button>}>
        Sign in to come back to this pipeline.
      </Empty>
    </div>
  )
}

/** The pipeline could not be fetched. */
function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return <div className={classes.state}><Failure error={asApiError(error)} onRetry={onRetry} /></div>
}

/** Focuses the selected card, else the first in the flow, else the canvas itself. */
function toCanvas() {
  const { canvas } = useView.getState()
  canvas?.focus(onlyChosen(useSelection.getState()) ?? flowOrder(currentDrawing())[0])
}

export default function CanvasPage({ id }: { id: string }) {
  const { ready, pipeline } = useOpenPipeline(id)
  const saved = useDocument((state) => state.saved)
  const name = useDocument((state) => state.name)
  const readOnly = useDocument((state) => state.readOnly)
  const known = useDocument((state) => state.pipelineId !== null)
  const workspace = pipeline.data?.workspace
  const narrow = useNarrow()
  const covered = useCovered() && !narrow
  // The cards come first: what stands beside them is rendered once they are drawn.
  const beside = useAfterPaint(ready || pipeline.isError)
  useKeys()
  useFocusHome()
  useRunNotices()
  useEffect(() => {
    document.title = name ? `${name} · Easel` : 'Easel'
  }, [name])
  if (asApiError(pipeline.error).status === 404 || (ready && saved === 'gone')) return <Shell><NotFound what="Pipeline"><Link href="/">All pipelines</Link></NotFound></Shell>
  return (
    <div className={classes.page}>
      <button type="button" className={classes.skip} onClick={toCanvas}>Skip to canvas</button>
      <TopBar notices={<NoticesButton size={28} />} />
      <div className={classes.middle} data-narrow={narrow || undefined}>
        {!narrow && !readOnly && <Side panel="palette" side="left" title="modules">{known && beside ? <Palette /> : <LoadingPalette />}</Side>}
        <main className={classes.centre}>
          <div className={classes.canvas} inert={covered}>
            {ready ? saved === 'signed_out' ? <SignedOut /> : <Canvas workspace={workspace} /> : pipeline.error ? <Failed error={pipeline.error} onRetry={() => void pipeline.refetch()} /> : <LoadingCanvas />}
          </div>
          {!narrow && <BottomDrawer pipeline={id} filled={beside} />}
        </main>
        {narrow ? <Sheet pipeline={id} /> : <Side panel="inspector" side="right" title="settings">{beside && <Inspector />}</Side>}
      </div>
      {beside && <><Commands workspace={workspace} /><Versions pipeline={id} workspace={workspace} /><RunWith /></>}
    </div>
  )
}
