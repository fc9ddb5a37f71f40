const delayMs = 400;

/** Pixels between a tip and what it is about, and between it and the edge of the page. */
const gap = 6;

/**
 * Shows in `tip`, a popover, what the attribute `data-tip` says of the element that the pointer rests on or that the keyboard has reached,
 * and its key from `data-tip-key`. One tip for the whole page costs nothing while nobody asks for one. Escape hides it (WCAG 1.4.13).
 * @returns what ends it
 */
export function followTips(tip: HTMLElement): () => void {
  let owner: HTMLElement | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hide = () => {
    clearTimeout(timer);
    owner = undefined;
    if (tip.matches(':popover-open')) tip.hidePopover();
  };
  const show = (element: HTMLElement) => {
    const { tip: text = '', tipKey: key } = element.dataset;
    tip.textContent = text;
    if (key !== undefined) tip.append(Object.assign(document.createElement('kbd'), { textContent: key }));
    tip.showPopover();
    place(tip, element);
  };
  const ask = (element: HTMLElement | undefined, afterMs: number) => {
    if (element === owner) return;
    hide();
    if (!element) return;
    owner = element;
    timer = setTimeout(() => element.isConnected && show(element), afterMs);
  };
  const listeners = {
    pointerover: (event: Event) => ask(tipped(event), delayMs),
    focusin: (event: Event) => ask(tipped(event)?.matches(':focus-visible') === true ? tipped(event) : undefined, 0),
    focusout: hide,
    pointerdown: hide,
    keydown: hide,
    wheel: hide,
  };
  for (const [name, listener] of Object.entries(listeners)) document.addEventListener(name, listener, { passive: true });
  return () => {
    for (const [name, listener] of Object.entries(listeners)) document.removeEventListener(name, listener);
    hide();
  };
}

function tipped({ target }: Event): HTMLElement | undefined {
  return target instanceof Element ? (target.closest<HTMLElement>('[data-tip]') ?? undefined) : undefined;
}

/** Below the element, above it where there is no room. */
function place(tip: HTMLElement, element: HTMLElement): void {
  const around = element.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  const left = Math.min(Math.max(gap, around.left + (around.width - width) / 2), innerWidth - width - gap);
  const below = around.bottom + gap;
  tip.style.left = `${left}px`;
  tip.style.top = `${below + height > innerHeight ? around.top - gap - height : below}px`;
}
