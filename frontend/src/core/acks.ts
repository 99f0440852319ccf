/** Counts what was sent against what the server says it has kept. */
export class Acks {
  private count = 0
  private kept = 0
  /** Messages the server counts that were never counted here (its side of the handshake). */
  private extra = 0

  sent() {
    this.count += 1
  }

  heard(kept: number) {
    this.kept = Math.max(this.kept, kept)
    this.extra = Math.max(this.extra, this.kept - this.count)
  }

  get settled() {
    return this.kept - this.extra >= this.count
  }
}
