/** On a narrow page: the panels as one sheet under the canvas, a part at a time. */
import { SegmentedControl } from '@mantine/core'
import { Inspector } from '../../features/inspector'
import { LoadingPalette, Palette } from '../../features/palette'
import { useDocument } from '../../state/document'
import { resizePanel, setPanel, showPart, useView, type SheetPart } from '../../state/view'
import { Resizer } from '../../ui/Resizer'
import { ResultPanel, ResultTabs, useNotificationsAbove } from './BottomDrawer'
import classes from './CanvasPage.module.css'
import { Steps } from './Steps'

/** Its height while folded: the grip and the names of the parts. */
const FOLDED = 76
/** Dragged below this height, it folds. */
const LEAST = 140

function resize(size: number) {
  setPanel('drawer', size >= LEAST)
  if (size >= LEAST) resizePanel('drawer', size)
}

const PARTS: { value: SheetPart; label: string }[] = [
  { value: 'outline', label: 'Outline' }, { value: 'settings', label: 'Settings' }, { value: 'results', label: 'Results' }, { value: 'add', label: 'Add' },
]

function Part({ part, pipeline }: { part: SheetPart; pipeline: string }) {
  const known = useDocument((state) => state.pipelineId !== null)
  if (part === 'outline') return <Steps />
  if (part === 'settings') return <Inspector />
  if (part === 'add') return known ? <Palette fold={false} /> : <LoadingPalette />
  return <><div className={classes.tabs}><ResultTabs open /></div><ResultPanel pipeline={pipeline} /></>
}

export function Sheet({ pipeline }: { pipeline: string }) {
  const open = useView((view) => view.open.drawer)
  const size = useView((view) => view.size.drawer)
  const wanted = useView((view) => view.sheet)
  const readOnly = useDocument((state) => state.readOnly)
  const parts = PARTS.filter(({ value }) => !readOnly || value !== 'add')
  const part = readOnly && wanted === 'add' ? 'outline' : wanted
  useNotificationsAbove(open ? size : FOLDED)
  const show = (next: string) => {
    showPart(next as SheetPart)
    setPanel('drawer', true)
  }
  return (
    <section className={classes.sheet} style={{ height: open ? size : undefined }} aria-label="Outline, settings, results and modules">
      <Resizer side="top" size={open ? size : FOLDED} label="Height of the sheet" onSize={resize} />
      <SegmentedControl className={classes.parts} fullWidth value={part} onChange={show} data={parts} aria-label="Part of the sheet" />
      {open && <div className={classes.partBody}><Part part={part} pipeline={pipeline} /></div>}
    </section>
  )
}
