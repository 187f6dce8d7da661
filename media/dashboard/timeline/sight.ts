import type { Panel } from "./panel.ts";
import type { Scene } from "./scene.ts";

/** Draws panels that are in sight, and those that are scrolled out of it when they come back. */
export interface Sight {
  readonly watch: (panel: Panel) => void;
  readonly forget: (panel: Panel) => void;
  readonly draw: (panel: Panel, scene: Scene) => void;
}

export function createSight(): Sight {
  const stale = new Map<Element, () => void>();
  const inSight = new Set<Element>();
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) {
        inSight.add(target);
        stale.get(target)?.();
        stale.delete(target);
      } else {
        inSight.delete(target);
      }
    }
  });
  return {
    watch({ element }) {
      inSight.add(element); // Until it is known better.
      observer.observe(element);
    },
    forget({ element }) {
      observer.unobserve(element);
      stale.delete(element);
      inSight.delete(element);
    },
    draw(panel, scene) {
      if (inSight.has(panel.element)) {
        panel.draw(scene);
      } else {
        stale.set(panel.element, () => panel.draw(scene));
      }
    },
  };
}
