import { startTransition, useEffect, useState } from 'react'

/** True from the frame after the one that shows `ready` for the first time. A later render does not delay what people came for. */
export function useAfterPaint(ready: boolean): boolean {
  const [painted, setPainted] = useState(false)
  useEffect(() => {
    if (painted || !ready) return
    let timer: ReturnType<typeof setTimeout>
    const frame = requestAnimationFrame(() => { timer = setTimeout(() => startTransition(() => setPainted(true))) })
    return () => {
      cancelAnimationFrame(frame)
      clearTimeout(timer)
    }
  }, [painted, ready])
  return painted
}
