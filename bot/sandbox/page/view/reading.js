// @ts-check
// Where one reads: at the end, which then stays in sight, or further up, which then stays where it is.

const NEAR = 80;
const NEARLY = 1.25; // windows: of what is hardly taller than one, the end with its buttons is what counts

export class Reading {
  /** @param {HTMLElement} scroller @param {HTMLElement} list */
  constructor(scroller, list) {
    this.scroller = scroller;
    this.atEnd = true;
    this.last = { top: 0, height: 0, room: 0 };
    const observer = new ResizeObserver(() => this.atEnd && this.toEnd());
    observer.observe(list);
    observer.observe(scroller);
  }

  /** How much there is below what is in sight, in windows. */
  get left() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    return (scrollHeight - scrollTop) / clientHeight - 1;
  }

  toEnd() {
    this.atEnd = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#note();
  }

  leave() {
    this.atEnd = false;
  }

  /** Brings the last of all into sight, from its beginning where it is tall. @param {HTMLElement} node */
  show(node) {
    if (node.offsetHeight <= this.scroller.clientHeight * NEARLY) return this.toEnd();
    this.leave();
    this.scroller.scrollTop += node.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top;
    this.#note();
  }

  /** Only a hand leaves the end; what grows or shrinks, above, below or around it, does not. @param {boolean} adrift */
  scrolled(adrift) {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const { top, height, room } = this.last;
    const byHand = scrollHeight === height && clientHeight === room;
    if (scrollHeight - scrollTop - clientHeight < NEAR) this.atEnd = !adrift;
    else if (byHand && scrollTop < top - 1) this.atEnd = false;
    this.#note();
  }

  /** What is read stays where it is, whatever `change` puts above it. @param {() => void} change */
  keep(change) {
    const { scrollHeight: height, scrollTop: top } = this.scroller;
    const first = this.#first();
    change();
    if (this.atEnd) this.toEnd();
    else if (first !== this.#first()) this.scroller.scrollTop = top + this.scroller.scrollHeight - height;
  }

  #first() {
    return this.scroller.querySelector("[data-message-id]");
  }

  #note() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.last = { top: scrollTop, height: scrollHeight, room: clientHeight };
  }
}
