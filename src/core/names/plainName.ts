/** `model.h[0].attn["c_proj"].weight` and `h/0/attn` as parameters are named: `model.h.0.attn.c_proj.weight`, `h.0.attn`. */
export function normalizeName(text: string): string {
  return text.replaceAll(/\[["']?([^[\]"']*)["']?\]/g, ".$1").replaceAll("/", ".");
}

/**
 * A tensor's name without what wrappers put around it: the same tensor has one plain name, whether the model was saved
 * from inside DistributedDataParallel, FSDP, torch.compile, activation checkpointing, Lightning, PEFT or Flax, or bare.
 */
export function plainName(name: string): string {
  let plain = normalizeName(name.replace(DICTS, ""))
    .replaceAll(WRAPPERS, "$1")
    .replace(/\.base_layer\./, ".")
    .replace(/\.(lora_\w+)\.default(\.|$)/, ".$1$2");
  for (let before = ""; before !== plain;) {
    before = plain;
    plain = plain.replace(PREFIXES, "");
  }
  return plain;
}

/** Keys under which training scripts save a model beside other things; readers write a `/` after them. */
const DICTS = /^(?:(?:model|module|network|net|state_dict|model_state_dict)\/)+/;

/** Anywhere in a name: modules are wrapped one by one too. */
const WRAPPERS = /(^|\.)(?:(?:_orig_mod|_fsdp_wrapped_module|_forward_module|_checkpoint_wrapped_module)\.)+/g;

const PREFIXES = /^(?:module|base_model\.model|model(?=\.model\.)|params|state_dict)\.(?=.)/;
