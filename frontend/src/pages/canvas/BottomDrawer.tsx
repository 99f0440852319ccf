/** The drawer under the canvas, with the tabs that features contribute. */
import { ActionIcon, Tabs, Tooltip } from '@mantine/core'
import { IconArrowsMaximize, IconArrowsMinimize, IconChevronUp, IconX } from '@tabler/icons-react'
import { useEffect } from 'react'
import { OWN_KEYS } from '../../core/base/keys'
import { contributed } from '../../state/contributions'
import { onlyChosen, useSelection } from '../../state/selection'
import { resizePanel, setPanel, showTab, toggleMaximised, useView } from '../../state/view'
import { Resizer } from '../../ui/Resizer'
import classes from './CanvasPage.module.css'
import { LastRun } from './LastRun'

/** The line that is left of a folded drawer. */
const TABS_HEIGHT = 36

/** The drawer shrinks the canvas: its card stays in view. */
function useRevealed(open: boolean) {
  useEffect(() => {
    const chosen = onlyChosen(useSelection.getState())
    if (open && chosen) useView.getState().canvas?.reveal(chosen)
  }, [open])
}

/** Notifications lie above what is at the bottom of the page. */
export function useNotificationsAbove(height: number) {
  useEffect(() => {
    const { style } = document.documentElement
    style.setProperty('--below-notifications', `${height}px`)
    return () => void style.removeProperty('--below-notifications')
  }, [height])
}

/** The tabs that have something to show. */
function useTabs() {
  // The list is the same in every rendering, so the hooks are as well.
  return contributed.tabs.filter((tab) => tab.useShown?.() ?? true)
}

function useTab() {
  const wanted = useView((view) => view.tab)
  const tabs = useTabs()
  return tabs.find(({ id }) => id === wanted) ?? tabs[0]
}

/** `open` is false while only their names are shown: a click opens the drawer. */
export function ResultTabs({ open }: { open: boolean }) {
  const tab = useTab()
  const tabs = useTabs()
  return (
    <Tabs value={open && tab ? tab.id : null} onChange={(next) => next && showTab(next)} variant="none" keepMounted={false} className={classes.tabList}>
      <Tabs.List className={classes.tabRow}>
        {tabs.map(({ id, title, Badge }) => <Tabs.Tab key={id} value={id} className={classes.tab} rightSection={Badge && <Badge />}>{title}</Tabs.Tab>)}
      </Tabs.List>
    </Tabs>
  )
}

export function ResultPanel({ pipeline }: { pipeline: string }) {
  const tab = useTab()
  return tab ? <div className={classes.content} {...OWN_KEYS}><tab.Panel pipeline={pipeline} /></div> : null
}

function OpenButtons({ maximised }: { maximised: boolean }) {
  const Size = maximised ? IconArrowsMinimize : IconArrowsMaximize
  return (
    <>
      <Tooltip label={`${maximised ? 'Exit full screen' : 'Full screen'} (Shift Enter)`} position="top-end">
        <ActionIcon size={24} onClick={toggleMaximised} aria-label="Full screen" aria-pressed={maximised}><Size size={16} stroke={1.6} /></ActionIcon>
      </Tooltip>
      <ActionIcon size={24} onClick={() => setPanel('drawer', false)} aria-label="Hide results" aria-expanded><IconX size={16} stroke={1.6} /></ActionIcon>
    </>
  )
}

/** Without `filled` it is only as high as it will be. */
export function BottomDrawer({ pipeline, filled }: { pipeline: string; filled: boolean }) {
  const open = useView((view) => view.open.drawer)
  const size = useView((view) => view.size.drawer)
  const maximised = useView((view) => view.open.drawer && view.maximised)
  useRevealed(open)
  useNotificationsAbove(!open ? TABS_HEIGHT : maximised ? 0 : size)
  return (
    <section className={classes.drawer} style={{ height: open ? size : undefined }} data-open={open || undefined} data-maximised={maximised || undefined} aria-label="Results, log and problems">
      {open && !maximised && <Resizer side="top" size={size} label="Height of the drawer" onSize={(next) => resizePanel('drawer', next)} />}
      <div className={classes.tabs}>
        {filled && (
          <>
            <ResultTabs open={open} />
            {!open && <LastRun />}
            {open && <OpenButtons maximised={maximised} />}
            {!open && <ActionIcon size={24} onClick={() => setPanel('drawer', true)} aria-label="Show results" aria-expanded={false}><IconChevronUp size={16} stroke={1.6} /></ActionIcon>}
          </>
        )}
      </div>
      {open && filled && <ResultPanel pipeline={pipeline} />}
    </section>
  )
}
