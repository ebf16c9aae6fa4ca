// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static dev.cumulane.pipeline.Condition.branch;
import static dev.cumulane.pipeline.Condition.changed;
import static dev.cumulane.pipeline.Condition.not;
import static dev.cumulane.pipeline.Condition.tag;
import static dev.cumulane.pipeline.Condition.target;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.pipeline.Condition;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Work;
import dev.cumulane.run.Cause;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people read of a condition that was not true. The runs are of a push to main. */
class GuardTextTest {
    private static final Work WORK = container("alpine").runs("true");

    private static String refused(Condition condition) {
        Driver run =
                Driver.begun(Pipeline.define("app", p -> p.build("it", WORK).onlyWhen(condition)));
        assertThat(run.cause("it")).isEqualTo(Cause.CONDITION_UNMET);
        return run.verdict("it").detail().replace("runs only when ", "");
    }

    @Test
    void each_condition_says_what_it_wants() {
        assertThat(refused(branch().is("dev", "x/*"))).isEqualTo("the branch is 'dev' or 'x/*'");
        assertThat(refused(tag().is("v*"))).isEqualTo("the tag is 'v*'");
        assertThat(refused(target().is("main"))).isEqualTo("it is a change request into 'main'");
        assertThat(refused(not(branch().is("main")))).isEqualTo("not (the branch is 'main')");
        assertThat(refused(branch().is("dev").or(tag().is("v*"))))
                .isEqualTo("(the branch is 'dev' or the tag is 'v*')");
        assertThat(refused(tag().is("v*").and(changed("src/**")))).isEqualTo("the tag is 'v*' and 'src/**' changed");
    }

    @ParameterizedTest
    @CsvSource({"main, main, true", "main, dev, false", "dev, main, false", "dev, dev, false"})
    void all_of_several_conditions_must_be_true_and_any_of_several_will_do(String one, String other, boolean all) {
        Condition both = branch().is(one).and(branch().is(other));
        Condition either = branch().is(one).or(branch().is(other));
        assertThat(runs(both)).isEqualTo(all);
        assertThat(runs(either)).isEqualTo(one.equals("main") || other.equals("main"));
    }

    private static boolean runs(Condition condition) {
        return Driver.begun(Pipeline.define("app", p -> p.build("it", WORK).onlyWhen(condition)))
                        .phase("it")
                == Phase.SCHEDULED;
    }

    private static String refusedBehind(Function<dev.cumulane.pipeline.WorkHandle, Condition> condition, Cause end) {
        Driver run = Driver.begun(Pipeline.define("app", p -> {
            var before = p.build("before", WORK);
            p.build("it", WORK).onlyWhen(condition.apply(before));
        }));
        run.end("before", end);
        return run.verdict("it").detail();
    }

    @Test
    void a_condition_on_an_end_says_which_it_wants() {
        assertThat(refusedBehind(before -> before.failed(), Cause.COMPLETED))
                .isEqualTo("runs only when 'before' failed");
        assertThat(refusedBehind(before -> before.leftOut(), Cause.COMPLETED))
                .isEqualTo("runs only when 'before' was left out");
        assertThat(refusedBehind(before -> before.succeeded(), Cause.COMMAND_FAILED))
                .isEqualTo("runs only when 'before' succeeded");
    }

    @Test
    void a_condition_on_a_parameter_says_which_value_it_wants() {
        Driver run = Driver.begun(Pipeline.define("app", p -> {
            var region = p.parameter("region").defaultsTo("eu");
            p.build("it", WORK).onlyWhen(region.is("us", "asia"));
        }));
        assertThat(run.verdict("it").detail()).isEqualTo("runs only when parameter 'region' is 'us' or 'asia'");
    }
}
