package dev.jandaia.model;

import dev.jandaia.op.Attention;
import dev.jandaia.op.AttentionShape;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Clip;
import dev.jandaia.op.Compute;
import dev.jandaia.op.CopyColumns;
import dev.jandaia.op.GateFunction;
import dev.jandaia.op.Gated;
import dev.jandaia.op.Handover;
import dev.jandaia.op.LearnedScale;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.PointFunction;
import dev.jandaia.op.Projections;
import dev.jandaia.op.QueryTemperature;
import dev.jandaia.op.Rope;
import dev.jandaia.op.RotaryTable;
import dev.jandaia.op.RowSource;
import dev.jandaia.op.SigmoidAttention;
import dev.jandaia.op.VectorParameter;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.KeyValues;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.ScoreWeights;
import java.util.Optional;

/** MHA, GQA and MQA: project, normalise, rotate, attend, project back. */
final class GroupedQueryAttentionLayer implements MixerLayer {
  private static final CopyColumns.Groups WHOLE_ROWS = new CopyColumns.Groups(0, 0);

  /** Keeps a query of zeros finite. */
  private static final Norm UNIT = new Norm.Rms(1e-12, Norm.Gain.NONE);

  private static final GateFunction GATE = GateFunction.of(PointFunction.SIGMOID);

  private final GroupedQueryAttention spec;
  private final int index;
  private final Projection query;
  private final int source;
  private final Optional<Projection> key;
  private final Optional<Projection> value;
  private final Projection output;
  private final NormLayer queryNorm;
  private final NormLayer keyNorm;
  private final NormLayer valueNorm;
  private final Optional<RotaryTable> rotary;
  private final Optional<QueryTemperature> temperature;
  private final Optional<VectorParameter> learnedScale;
  private final Optional<float[]> slopes;
  private final Optional<VectorParameter> sinks;
  private final Optional<Projection> gate;
  private final AttentionShape shape;

  GroupedQueryAttentionLayer(
      GroupedQueryAttention spec,
      Weights weights,
      RotaryTables tables,
      int index,
      String path,
      int hiddenSize) {
    this.spec = spec;
    this.index = index;
    boolean bias = spec.inputBias();
    query = Projection.of(weights, path + ".query", spec.queryWidth(), hiddenSize, bias);
    source = spec.keyValues() instanceof KeyValues.OfLayer(int layer) ? layer : index;
    int width = spec.keyValueWidth();
    key =
        source == index
            ? Optional.of(Projection.of(weights, path + ".key", width, hiddenSize, bias))
            : Optional.empty();
    value =
        spec.keyValues() instanceof KeyValues.Projected
            ? Optional.of(Projection.of(weights, path + ".value", width, hiddenSize, bias))
            : Optional.empty();
    output =
        Projection.of(weights, path + ".output", hiddenSize, spec.queryWidth(), spec.outputBias());
    queryNorm = norm(weights, path + ".queryNorm", spec.queryWidth());
    keyNorm = source == index ? norm(weights, path + ".keyNorm", width) : NormLayer.NONE;
    valueNorm =
        source == index
            ? NormLayer.of(spec.valueNorm(), weights, path + ".valueNorm", spec.headDim())
            : NormLayer.NONE;
    rotary = tables.of(spec.position());
    temperature = Temperatures.of(spec.temperature());
    learnedScale =
        spec.qkNorm() instanceof QkNorm.UnitLength(boolean learned) && learned
            ? Optional.of(weights.vector(path + ".scoreNorm.weight", 1))
            : Optional.empty();
    slopes = slopes(spec);
    sinks =
        spec.sinks()
            ? Optional.of(weights.vector(path + ".sinks", spec.numHeads()))
            : Optional.empty();
    gate =
        spec.outputGate()
            ? Optional.of(
                Projection.of(weights, path + ".gate", spec.queryWidth(), hiddenSize, bias))
            : Optional.empty();
    shape =
        Spans.limit(
            new AttentionShape(
                spec.numHeads(),
                spec.numKvHeads(),
                spec.headDim(),
                spec.headDim(),
                (float) scale(spec),
                (float) spec.scoreSoftCap()),
            spec.span());
  }

  /** Lengths are divided out by an RMSNorm, which leaves √D; so each score must lose a factor D. */
  private static double scale(GroupedQueryAttention spec) {
    return spec.qkNorm() instanceof QkNorm.UnitLength
        ? spec.scale() / spec.headDim()
        : spec.scale();
  }

  private static Optional<float[]> slopes(GroupedQueryAttention spec) {
    return switch (spec.weights()) {
      case ScoreWeights.Softmax _ -> Optional.empty();
      case ScoreWeights.Sigmoid _ -> {
        float[] slopes = new float[spec.numHeads()];
        for (int head = 0; head < slopes.length; head++) {
          slopes[head] = (float) ScoreWeights.Sigmoid.slope(head, slopes.length);
        }
        yield Optional.of(slopes);
      }
    };
  }

  private NormLayer norm(Weights weights, String path, int width) {
    return switch (spec.qkNorm()) {
      case QkNorm.None _ -> NormLayer.of(Norm.NONE, weights, path, width);
      case QkNorm.PerHead perHead -> NormLayer.of(perHead.norm(), weights, path, spec.headDim());
      case QkNorm.UnitLength _ -> NormLayer.of(UNIT, weights, path, spec.headDim());
      case QkNorm.Rotated rotated -> NormLayer.of(rotated.norm(), weights, path, spec.headDim());
      case QkNorm.Whole whole -> NormLayer.of(whole.norm(), weights, path, width);
    };
  }

  @Override
  public Matrix apply(Compute compute, Batch batch, RowSource x) {
    Projections projections = Projections.of(compute);
    Matrix queries = query.join(projections, x);
    Matrix keys = join(key, projections, x, queries);
    Matrix values = join(value, projections, x, keys);
    Matrix gates = join(gate, projections, x, queries);
    projections.run();
    Matrix q = place(compute, batch, queries, queryNorm, spec.numHeads());
    if (temperature.isPresent()) {
      temperature.get().apply(compute, q, batch);
    }
    if (learnedScale.isPresent()) {
      q = LearnedScale.apply(compute, q, learnedScale.get());
    }
    Matrix mixed =
        key.isPresent()
            ? attendToOwn(compute, batch, q, keys, values)
            : attend(
                compute, batch, q, batch.handover().keys(source), batch.handover().values(source));
    return output.apply(
        compute, gate.isPresent() ? Gated.rows(compute, gates, mixed, GATE) : mixed);
  }

  /** What is projected, or something else where there is no projection. */
  private static Matrix join(
      Optional<Projection> projection, Projections projections, RowSource x, Matrix otherwise) {
    return projection.isPresent() ? projection.get().join(projections, x) : otherwise;
  }

  private Matrix attendToOwn(Compute compute, Batch batch, Matrix q, Matrix keys, Matrix values) {
    Handover handover = batch.handover();
    Matrix v = clip(compute, valueNorm.apply(compute, values));
    Matrix k = place(compute, batch, keys, keyNorm, spec.numKvHeads());
    if (handover.isShared(index)) {
      copy(compute, k, handover.keys(index));
      copy(compute, v, handover.values(index));
      return attend(compute, batch, q, handover.keys(index), handover.values(index));
    }
    Matrix mixed = attend(compute, batch, q, k, v);
    Remember.rows(batch, index, k, v);
    return mixed;
  }

  private Matrix attend(Compute compute, Batch batch, Matrix q, Matrix k, Matrix v) {
    return slopes.isPresent()
        ? SigmoidAttention.apply(compute, shape, slopes.get(), batch, source, q, k, v)
        : Attention.apply(compute, shape, batch, source, q, k, v, sinks);
  }

  private static void copy(Compute compute, Matrix from, Matrix to) {
    CopyColumns.apply(compute, from, WHOLE_ROWS, to, WHOLE_ROWS, 1, from.cols());
  }

  /** Normalises, clips and rotates projected queries or keys. */
  private Matrix place(Compute compute, Batch batch, Matrix x, NormLayer norm, int heads) {
    boolean normLast = spec.qkNorm() instanceof QkNorm.Rotated;
    RowSource y = normLast ? x : norm.rows(compute, x);
    if (spec.clip() != 0) {
      y = clip(compute, y.matrix());
    }
    Matrix placed =
        rotary.isPresent()
            ? Rope.apply(compute, y, batch, rotary.get(), heads, spec.headDim(), 0)
            : y.matrix();
    return normLast ? norm.apply(compute, placed) : placed;
  }

  private Matrix clip(Compute compute, Matrix x) {
    return spec.clip() == 0 ? x : Clip.apply(compute, x, (float) spec.clip());
  }
}
