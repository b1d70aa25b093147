"""The fixed words of docs/rivals.md: what each method is, where it is from, and what could not be confirmed."""

from __future__ import annotations

NEEDS_OF_ASSAYER = "see [methods](methods.md)"
TEXT = """# Beside other people's methods

Written by `python -m benchmarks.rivals.table --folder FOLDER --write` on {date}, from {pairs} pairs of really trained
models of {families}.

Every method gets the same pairs. The rivals were written again from their papers, never from their code, and read the
files through Assayer's own anatomy, so that fused or differently named matrices are no hurdle. Of files in which every
tensor was renamed or turned, anatomy alone cannot tell everything, and the rivals have no step of their own for that:
those rows say more about reading than about the methods.

{summary}

Derived: fine-tunes, continued training, LoRA, casts, quantised, pruned, noised copies, transplants; found / all.
Disguised: copies that were made to look different. Strangers: trained apart from another random start on the same data
with the same architecture, some of them disguised too; a hit is a false accusation. Distilled: students that learnt
from the reference and hold none of its weights; a hit is one too. AUC: within each family, against the strangers,
averaged; what a method cannot compare ranks lowest. Seconds: the median on these small models, reading both files
included. For the AUC, Assayer's pairs rank by verdict first and then by the proven bound on p, which a calibrated
finding does not move.

A rule called "calibrated" is ours: its threshold is the largest score over every other stranger of the same family,
so it accuses nobody there; its accusations are counted on the other half, where one in as many as calibrated it is to
be expected. That favours the rivals: outside a zoo nobody has strangers of the same architecture and data to calibrate
on. Pairs share models, so the halves are not quite independent.

## By what was done

Models that share only their random start are counted here and nowhere else: whether they are "derived" depends on
what is asked.

{kinds}

## What the figures say

{ranking}

{reading}

Read with care: these are models of four blocks, width 96. A profile over four layers is a far shorter fingerprint than
over the 32 to 80 layers that its authors look at, so deviation profiles may do better on large models; they may also
do worse between large models of one recipe (0.91 between deepseek-llm-7b and llama2-7b, as the Pangu team reported in
2025). Norm gains and biased CKA depend on width and depth in the same way: their cosines and floors are those of these
shapes.

## The methods

- **Raw cosine of matrices**: mean over the weight matrices of the blocks at the same place. No paper; it is what
  public claims are made with. 0.5 and 0.9 are the round figures that people use. **Of norm gains**: the figure of the
  accusation of January 2026 against Solar Open 100B, 0.989, which was withdrawn.
- **Matched Spearman**: Sally Zhu, Ahmed Ahmed, Rohith Kuditipudi, Percy Liang, *Independence Tests for Language
  Models*, ICML 2025. Units of the MLPs matched by linear assignment on cosines in two views, Spearman's correlation of
  the two matchings, Student's t, one-sided, Fisher over the layers. The paper matches activations of gate and up; here
  the weights stand for them (what standard normal inputs give in the limit), and a GELU MLP gives the rows of fc1 and
  the columns of fc2. On activations of real inputs the test does not mind a rotated residual stream; on weights it
  does, and no data is used here. Every MLP is held against every MLP (the smallest p times their number), so that
  layers or experts dropped or in another order cost it nothing. The paper reports p-values and no level: p ≤ 1e-6 is
  Assayer's own. Confirmed from the abstract and a list of its algorithms: matching by cosine, a p-value from
  Spearman's correlation of two permutations, Fisher, inputs drawn from a distribution of choice. Not confirmed:
  Student's t, one-sided. The paper's exact tests, which match nothing, are not in the table: they are blind to
  reordered units by design.
- **Deviation profiles (PDF)**: Do-hyeon Yoon, Minsoo Chun, Thomas Allen, Hans Müller, Min Wang, Rajesh Sharma,
  *Intrinsic Fingerprint of LLMs: Continue Training is NOT All You Need to Steal A Model!*, arXiv 2507.03014, 2025. The
  0.927 is the correlation at which the authors accused Pangu Pro MoE; whether they name a threshold could not be
  confirmed. The plain mean over q, k, v, out and the interpolation of other depths are ours.
- **Spectra**: Suqing Wang, Ziyang Ma, Xinyi Li, Zuchao Li, *Ghost in the Transformer: Tracing LLM Lineage with
  SVD-Fingerprint* (GhostSpec), arXiv 2511.06390, 2025. Only the abstract and summaries could be read: singular values
  of invariant products of attention matrices, mean squared error layer by layer, an alignment with a penalty for gaps
  are confirmed; which products, the scale, the size of the penalty, the final score and the threshold are not, so this
  is "after" GhostSpec and not the method itself.
- **Biased linear CKA**: Simon Kornblith, Mohammad Norouzi, Honglak Lee, Geoffrey Hinton, *Similarity of Neural Network
  Representations Revisited*, ICML 2019, on weights instead of activations: rows are samples, columns features. No
  threshold is given. Between random matrices of n rows and d columns it is near d / (d + n), so it must be read beside
  a null.
"""
