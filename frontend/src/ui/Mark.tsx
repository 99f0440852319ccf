/** The mark of Easel: a board on three legs, and on it a wire from one port to another. */
import classes from './Mark.module.css'

export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} className={classes.mark} aria-hidden>
      <path className={classes.legs} d="M12 3.2V1.6M8.2 15.4 5.6 22M15.8 15.4 18.4 22M12 15.4v4" />
      <rect className={classes.board} x="2.6" y="3.2" width="18.8" height="12.6" rx="3.2" />
      <path className={classes.wire} d="M7.2 12c4.6 0 4.9-5 9.2-5" />
      <circle className={classes.from} cx="6.9" cy="12" r="1.7" />
      <circle className={classes.to} cx="17" cy="7" r="2.3" />
    </svg>
  )
}
