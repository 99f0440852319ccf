/** The drawer under the canvas, with the tabs that features contribute. */
import { ActionIcon, Tabs, Tooltip } from '@mantine/core'
import { IconArrowsDiagonal, IconArrowsDiagonalMinimize2, IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import { useEffect } from 'react'
import { OWN_KEYS } from '../../core/base/keys'
import { contributed } from '../../state/contributions'
import { onlyChosen, useSelection } from '../../state/selection'
import { resizePanel, setPanel, showTab, toggleMaximised, togglePanel, useView } from '../../state/view'
import { Resizer } from '../../ui/Resizer'
import classes from './CanvasPage.module.css'

/** The drawer shrinks the canvas: its card stays in view. */
function useRevealed(open: boolean) {
  useEffect(() => {
    const chosen = onlyChosen(useSelection.getState())
    if (open && chosen) useView.getState().canvas?.reveal(chosen)
  }, [open])
}

export function BottomDrawer({ pipeline }: { pipeline: string }) {
  const open = useView((view) => view.open.drawer)
  const size = useView((view) => view.size.drawer)
  const wanted = useView((view) => view.tab)
  const maximised = useView((view) => view.open.drawer && view.maximised)
  const tab = contributed.tabs.find(({ id }) => id === wanted) ?? contributed.tabs[0]
  useRevealed(open)
  return (
    <section className={classes.drawer} style={{ height: open ? size : undefined }} data-maximised={maximised || undefined} aria-label="Results, log and problems">
      {open && <Resizer side="top" size={size} label="Height of the drawer" onSize={(next) => resizePanel('drawer', next)} />}
      <div className={classes.tabs}>
        <Tabs value={open && tab ? tab.id : null} onChange={(next) => next && showTab(next)} variant="none" keepMounted={false} className={classes.tabList}>
          <Tabs.List style={{ flexWrap: 'nowrap' }}>
            {contributed.tabs.map(({ id, title, Badge }) => <Tabs.Tab key={id} value={id} className={classes.tab} rightSection={Badge && <Badge />}>{title}</Tabs.Tab>)}
          </Tabs.List>
        </Tabs>
        <Tooltip label={`${maximised ? 'Restore' : 'Maximise'} (M)`} position="top-end">
          <ActionIcon size="sm" ml="auto" onClick={toggleMaximised} aria-label={maximised ? 'Restore results' : 'Maximise results'} aria-pressed={maximised}>
            {maximised ? <IconArrowsDiagonalMinimize2 size={15} /> : <IconArrowsDiagonal size={15} />}
          </ActionIcon>
        </Tooltip>
        <ActionIcon size="sm" onClick={() => (open ? setPanel('drawer', false) : togglePanel('drawer'))} aria-label={open ? 'Hide results' : 'Show results'} aria-expanded={open}>
          {open ? <IconChevronDown size={16} /> : <IconChevronUp size={16} />}
        </ActionIcon>
      </div>
      {open && tab && <div className={classes.content} {...OWN_KEYS}><tab.Panel pipeline={pipeline} /></div>}
    </section>
  )
}
