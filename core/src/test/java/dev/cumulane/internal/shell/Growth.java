// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.internal.machine.RunPlan;
import dev.cumulane.pipeline.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Measures what a stage costs in plans of several sizes. The sizes take turns, so that what disturbs one disturbs all; the median of the rounds counts. */
final class Growth {
    /** What is measured. */
    enum Job {
        /** The definition: the pipeline's own code is run, and what it says becomes a plan. */
        DEFINITION,
        /** The plan: its bytes are read, and its graph is made. */
        PLAN,
        /** The whole run: signals are read, decided on and recorded, and snapshots are made. */
        RUN,
        /** The state: all records are read and folded. */
        REPLAY,
        /** All of these. */
        ALL
    }

    /** One point. */
    record Point(PlanForm form, int stages, Job job) {}

    private final List<Integer> sizes;
    private final int fewest;
    private final Map<Point, List<Spent>> rounds = new LinkedHashMap<>();
    private final Map<Point, LargeRun> last = new LinkedHashMap<>();

    /**
     * A measurement.
     *
     * @param fewest smaller plans are run as often as it takes to have this many stages
     * @param sizes in stages
     */
    Growth(int fewest, Integer... sizes) {
        this.sizes = List.of(sizes);
        this.fewest = fewest;
    }

    /** Measures; the first rounds are not counted, since the compiler is at work in them. */
    Growth measure(int uncounted, int counted) {
        for (int round = 0; round < uncounted + counted; round++) {
            if (round == uncounted) {
                rounds.clear();
            }
            for (PlanForm form : PlanForm.values()) {
                for (int stages : sizes) {
                    measure(form, stages);
                }
            }
        }
        return this;
    }

    private void measure(PlanForm form, int stages) {
        byte[] bytes = form.of(stages).plan().bytes();
        Map<Job, Spent> spent = new LinkedHashMap<>();
        int times = Math.max(1, fewest / stages);
        for (int i = 0; i < times; i++) {
            spent.merge(Job.DEFINITION, Spent.by(() -> form.of(stages)), Spent::plus);
            spent.merge(Job.PLAN, Spent.by(() -> RunPlan.of(Plan.parse(bytes))), Spent::plus);
            LargeRun run = LargeRun.of(Plan.parse(bytes));
            spent.merge(Job.RUN, Spent.by(run::carry), Spent::plus);
            spent.merge(Job.REPLAY, Spent.by(run::replay), Spent::plus);
            last.put(new Point(form, stages, Job.RUN), run);
        }
        spent.put(Job.ALL, spent.values().stream().reduce(Spent::plus).orElseThrow());
        long all = (long) times * stages;
        spent.forEach((job, sum) -> rounds.computeIfAbsent(new Point(form, stages, job), any -> new ArrayList<>())
                .add(new Spent(sum.nanos() / all, sum.bytes() / all)));
    }

    /** How much more one size costs than another, in the median of the rounds' own ratios: what disturbs a round disturbs both. */
    double ratio(PlanForm form, Job job, int large, int small, ToLongFunction<Spent> cost) {
        List<Spent> above = rounds.get(new Point(form, large, job));
        List<Spent> below = rounds.get(new Point(form, small, job));
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < above.size(); i++) {
            ratios.add((double) cost.applyAsLong(above.get(i)) / cost.applyAsLong(below.get(i)));
        }
        return ratios.stream().sorted().toList().get(ratios.size() / 2);
    }

    private long median(Point point, ToLongFunction<Spent> cost) {
        List<Spent> all = rounds.get(point);
        return all.stream().mapToLong(cost).sorted().toArray()[all.size() / 2];
    }

    /** A run of this form and size. */
    LargeRun run(PlanForm form, int stages) {
        return last.get(new Point(form, stages, Job.RUN));
    }

    /** Costs of a stage, as a Markdown table. */
    String costs() {
        StringBuilder text = new StringBuilder("| plan | job |");
        sizes.forEach(size -> text.append(String.format(Locale.ROOT, " %,d |", size)));
        text.append(" ratio |\n|---|---|")
                .append("---:|".repeat(sizes.size() + 1))
                .append('\n');
        for (PlanForm form : PlanForm.values()) {
            for (Job job : Job.values()) {
                costs(text, form, job, "bytes", Spent::bytes, 1);
                costs(text, form, job, "µs", Spent::nanos, 1000);
            }
        }
        return text.toString();
    }

    private void costs(StringBuilder text, PlanForm form, Job job, String unit, ToLongFunction<Spent> cost, int scale) {
        text.append(String.format("| %s | %s, %s |", lower(form), lower(job), unit));
        for (int size : sizes) {
            double value = (double) median(new Point(form, size, job), cost) / scale;
            text.append(String.format(Locale.ROOT, scale == 1 ? " %,.0f |" : " %.1f |", value));
        }
        int large = sizes.get(sizes.size() - 1);
        int small = sizes.get(sizes.size() - 2);
        text.append(String.format(Locale.ROOT, " %.2f |%n", ratio(form, job, large, small, cost)));
    }

    /** What the journal holds after a run, as a Markdown table. */
    String journals() {
        StringBuilder text = new StringBuilder("| plan | stages | records | bytes a record: median | mean | largest |"
                        + " bytes of all records a stage | snapshots | their bytes a stage |\n|---|"
                        + "---:|".repeat(8))
                .append('\n');
        for (PlanForm form : PlanForm.values()) {
            for (int stages : sizes) {
                LargeRun run = run(form, stages);
                List<Integer> records = run.recordSizes();
                long all = run.recordBytes();
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %,d | %,d | %,d | %,d | %,d | %,d | %d | %,d |%n",
                        lower(form),
                        stages,
                        records.size(),
                        records.get(records.size() / 2),
                        all / records.size(),
                        records.get(records.size() - 1),
                        all / stages,
                        run.journal().snapshots(),
                        run.snapshotBytes() / stages));
            }
        }
        return text.toString();
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
