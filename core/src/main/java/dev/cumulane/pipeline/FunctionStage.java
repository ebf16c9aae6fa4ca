// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

/**
 * Java code that runs as a stage, in a function of its own, apart from the engine.
 *
 * <p>Implement it as a public class with a public constructor without arguments. One instance serves one attempt, on one thread.
 */
@FunctionalInterface
public interface FunctionStage {
    /**
     * Does the stage's work.
     *
     * @param context the stage's inputs and outputs
     * @return how it ended
     * @throws Exception anything; the stage then fails with the exception's message
     */
    Result run(StageContext context) throws Exception;

    /**
     * What a function stage says of its work.
     *
     * @param succeeded whether the stage succeeded
     * @param detail one line for people; may be empty
     */
    record Result(boolean succeeded, String detail) {
        /**
         * The work said yes.
         *
         * @return the result
         */
        public static Result success() {
            return new Result(true, "");
        }

        /**
         * The work said yes, and something worth a line.
         *
         * @param detail one line for people
         * @return the result
         */
        public static Result success(String detail) {
            return new Result(true, detail);
        }

        /**
         * The work said no.
         *
         * @param detail one line for people, saying why
         * @return the result
         */
        public static Result failure(String detail) {
            return new Result(false, detail);
        }
    }
}
