import { formatNumber } from "#core/format.ts";
import type { TensorNorms } from "#core/tensor.ts";
import type { FromCheckpoint, ToCheckpoint } from "#protocol/checkpoint.ts";
import { t } from "@vscode/l10n";
import { button, element, setText } from "../../shared/element.ts";
import type { CheckpointRow } from "../rows.ts";
import { nonFiniteCount } from "../rows.ts";
import { factList } from "../factList.ts";
import type { Fact } from "../factList.ts";
import { formatCount, formatShape, kindName } from "../text.ts";
import { createHistogram } from "./histogram.ts";
import { positionOf } from "./position.ts";

type Statistics = Extract<ToCheckpoint, { kind: "statistics" }>;
type Spectrum = Extract<ToCheckpoint, { kind: "spectrum" }>;

/** One tensor beside the table: what is read of it only when it is chosen. */
export interface TensorDetails {
  readonly element: HTMLElement;
  readonly open: (row: CheckpointRow) => void;
  readonly close: () => void;
  readonly showStatistics: (message: Statistics) => void;
  readonly showSpectrum: (message: Spectrum) => void;
}

export function createTensorDetails(post: (message: FromCheckpoint) => void): TensorDetails {
  const name = element("h2", { class: "tensor-name" });
  const facts = element("div");
  const picture = element("div", { attributes: { "aria-live": "polite" } });
  const spectrum = element("div", { attributes: { "aria-live": "polite" } });
  const closeButton = button("✕", { title: t("Close the tensor"), class: "quiet", onClick: close });
  const head = element("div", { class: "details-title" }, [name, closeButton]);
  const panel = element("aside", { class: "details", attributes: { "aria-label": t("Tensor") } }, [
    head,
    facts,
    picture,
    spectrum,
  ]);
  let shown: CheckpointRow | undefined;
  panel.hidden = true;
  return { element: panel, open, close, showStatistics, showSpectrum };

  function open(row: CheckpointRow): void {
    shown = row;
    panel.hidden = false;
    setText(name, row.entry.name);
    facts.replaceChildren(factList(factsOf(row, row.norms)));
    picture.replaceChildren(element("p", { class: "quiet-text", text: t("Reading all of its elements…") }));
    spectrum.replaceChildren(...(row.entry.shape.length >= 2 ? [spectrumButton(() => askSpectrum(row))] : []));
    post({ kind: "describeTensor", ...keyOf(row) });
  }

  function askSpectrum(row: CheckpointRow): void {
    spectrum.replaceChildren(element("p", { class: "quiet-text", text: t("Computing the spectral norm…") }));
    post({ kind: "computeSpectrum", ...keyOf(row) });
  }

  function close(): void {
    shown = undefined;
    panel.hidden = true;
  }

  function showStatistics(message: Statistics): void {
    if (shown === undefined || !isSame(shown, message)) {
      return;
    }
    const { norms, failure } = message;
    if (norms === null) {
      picture.replaceChildren(failed(failure ?? t("It was not read.")));
      return;
    }
    facts.replaceChildren(factList([...factsOf(shown, norms), ...fullFacts(norms)]));
    picture.replaceChildren(...(norms.histogram === null ? [] : [createHistogram(norms.histogram)]));
  }

  function showSpectrum(message: Spectrum): void {
    if (shown !== undefined && isSame(shown, message)) {
      spectrum.replaceChildren(spectrumOf(message));
    }
  }
}

function spectrumButton(onClick: () => void): HTMLElement {
  const title = t("Spectral norm: the largest singular value; reads the tensor some twenty times");
  return button(t("Spectral norm"), { title, class: "secondary", onClick });
}

function failed(why: string): HTMLElement {
  return element("p", { class: "is-broken", text: `✕ ${why}` });
}

function spectrumOf({ spectrum, failure }: Spectrum): HTMLElement {
  if (spectrum === null) {
    return failed(failure ?? t("It was not computed."));
  }
  const { norm, stableRank, scaled, isConverged, iterations } = spectrum;
  return factList([
    { label: t("Spectral norm"), value: formatNumber(norm) },
    { label: t("Stable rank"), value: stableRank === null ? "–" : formatNumber(stableRank) },
    { label: t("Norm / √(rows/columns)"), value: formatNumber(scaled) },
    ...(isConverged ? [] : [{ label: t("Accuracy"), value: t("not settled after {0} passes", iterations) }]),
  ]);
}

function keyOf({ entry: { name, file, kind } }: CheckpointRow): Pick<Statistics, "name" | "file" | "tensorKind"> {
  return { name, file, tensorKind: kind };
}

function isSame({ entry }: CheckpointRow, message: Pick<Statistics, "name" | "file" | "tensorKind">): boolean {
  return entry.name === message.name && entry.file === message.file && entry.kind === message.tensorKind;
}

function factsOf({ entry, kind, why }: CheckpointRow, norms: TensorNorms | undefined): readonly Fact[] {
  const { dtype, shape, elements, file, parameter } = entry;
  return [
    ...(parameter === undefined ? [] : [{ label: t("State of"), value: parameter }]),
    { label: t("Kind"), value: kindName(kind) },
    { label: t("Type"), value: dtype },
    { label: t("Shape"), value: formatShape(shape) },
    { label: t("Elements"), value: formatCount(elements) },
    { label: t("File"), value: file },
    ...(why === undefined ? [] : [{ label: t("Not read"), value: why }]),
    ...(norms === undefined
      ? []
      : [
          { label: t("L2 norm"), value: formatNumber(norms.l2) },
          { label: "RMS", value: formatNumber(norms.rms) },
          { label: t("Max |x|"), value: formatNumber(norms.linf) },
          ...nonFiniteFacts(norms),
        ]),
  ];
}

function nonFiniteFacts(norms: TensorNorms): readonly Fact[] {
  const { nan, posInf, negInf, firstNonFinite, shape } = norms;
  if (nonFiniteCount(norms) === 0) {
    return [];
  }
  const at = firstNonFinite === null ? "" : `[${positionOf(shape, firstNonFinite).join(", ")}]`;
  return [
    {
      label: "NaN, Inf, −Inf",
      value: `✕ ${[nan, posInf, negInf].map(formatCount).join(", ")}`,
      isBroken: true,
    },
    { label: t("First at"), value: at, isBroken: true },
  ];
}

function fullFacts({ l1, mean, zeros, elements }: TensorNorms): readonly Fact[] {
  return [
    ...(l1 === null ? [] : [{ label: t("L1 norm"), value: formatNumber(l1) }]),
    ...(mean === null ? [] : [{ label: t("Mean"), value: formatNumber(mean) }]),
    ...(zeros === null
      ? []
      : [
          {
            label: t("Zeros"),
            value: `${formatCount(zeros)} (${formatNumber((100 * zeros) / Math.max(1, elements))} %)`,
          },
        ]),
  ];
}
