/**
 * Lets pieces of work run at once as long as there is room for them; the others wait in their
 * order.
 */
export class Slots {
  readonly #waiting: { readonly weight: number; readonly begin: () => void }[] = [];
  #free: number;

  constructor(private readonly size: number) {
    this.#free = size;
  }

  /** Does the work once there is room for `weight`; what is larger than all has it alone. */
  async run<T>(work: () => Promise<T>, weight = 1): Promise<T> {
    const taken = Math.min(weight, this.size);
    if (this.#waiting.length === 0 && this.#free >= taken) this.#free -= taken;
    else await new Promise<void>((begin) => this.#waiting.push({ weight: taken, begin }));
    try {
      return await work();
    } finally {
      this.#free += taken;
      this.#letIn();
    }
  }

  #letIn(): void {
    for (let next = this.#waiting[0]; next && next.weight <= this.#free; next = this.#waiting[0]) {
      this.#free -= next.weight;
      this.#waiting.shift();
      next.begin();
    }
  }
}
