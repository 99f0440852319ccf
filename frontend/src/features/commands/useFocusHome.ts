/** Keeps the keyboard focus: when the focused element is removed, the selected card gets it, else the canvas. */
import { useEffect } from 'react'
import { useRun } from '../../state/run'
import { onlyChosen, useSelection } from '../../state/selection'
import { useView } from '../../state/view'

/** Long enough for a closing dialog to return the focus itself. */
const SETTLE = 40

export function useFocusHome() {
  useEffect(() => {
    let byKeyboard = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      if (!byKeyboard || document.activeElement !== document.body || !document.hasFocus()) return
      useView.getState().canvas?.focus(onlyChosen(useSelection.getState()))
    }
    const later = () => {
      clearTimeout(timer)
      timer = setTimeout(look, SETTLE)
    }
    // Tab may leave the page; all other keys should not.
    const onKey = ({ key }: KeyboardEvent) => {
      byKeyboard = key !== 'Tab'
      if (byKeyboard) later()
    }
    const onPointer = () => {
      byKeyboard = false
    }
    document.addEventListener('keydown', onKey, true)
    document.addEventListener('keyup', onKey, true)
    document.addEventListener('pointerdown', onPointer, true)
    const ends = [useRun.subscribe(later), useView.subscribe(later)]
    return () => {
      clearTimeout(timer)
      document.removeEventListener('keydown', onKey, true)
      document.removeEventListener('keyup', onKey, true)
      document.removeEventListener('pointerdown', onPointer, true)
      ends.forEach((end) => end())
    }
  }, [])
}
