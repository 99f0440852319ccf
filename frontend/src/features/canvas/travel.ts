/** In milliseconds; somewhat longer than the motion token, so that no card jumps at the end. */
const SETTLED = 300
/** More cards would not move smoothly. */
const MOST = 200

/** Lets the cards travel to the places that a change gives them; wires fade in at theirs. */
export function travel(cards: number, change: () => void) {
  const flow = document.querySelector<HTMLElement>('.react-flow')
  if (flow && cards <= MOST) {
    flow.dataset.travel = ''
    setTimeout(() => delete flow.dataset.travel, SETTLED)
  }
  change()
}
