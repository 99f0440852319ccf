import { useEffect, useState } from 'react'

/** The current time, updated at every tick while `ticking`; constant otherwise. */
export function useNow(ticking: boolean, every = 250): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!ticking) return
    const timer = setInterval(() => setNow(Date.now()), every)
    return () => clearInterval(timer)
  }, [ticking, every])
  return now
}
