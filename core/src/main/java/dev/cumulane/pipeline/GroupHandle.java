// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A group of stages, or a matrix, while its pipeline is being defined. */
public final class GroupHandle extends StageHandle<GroupHandle> {
    private final Map<String, Gathered> members = new LinkedHashMap<>();
    private Policy policy;

    private record Gathered(StageHandle<?> handle, SortedMap<String, String> at) {}

    GroupHandle(PipelineDefinition owner, String name, Policy policy) {
        super(owner, name);
        this.policy = policy;
    }

    void add(StageHandle<?> stage, SortedMap<String, String> at) {
        owner().checkOwns(stage.owner(), "stage '" + stage.name() + "'", name());
        if (stage instanceof FanOutHandle) {
            throw new IllegalArgumentException("stage '" + stage.name() + "' runs for each item of a list and cannot be"
                    + " of group '" + name() + "': its cells are a group already");
        }
        if (stage.isCleanUp()) {
            throw new IllegalArgumentException("stage '" + stage.name() + "' cleans up and cannot be of group '"
                    + name() + "': it runs however others end");
        }
        if (members.putIfAbsent(stage.name(), new Gathered(stage, at)) != null) {
            throw new IllegalArgumentException("stage '" + stage.name() + "' is twice in group '" + name() + "'");
        }
        owner().gather(stage, this);
    }

    /**
     * How many members must succeed, and what becomes of the rest; all must, unless said otherwise.
     *
     * @param wanted the policy
     * @return this group
     */
    public GroupHandle policy(Policy wanted) {
        owner().checkOpen();
        wanted.atLeast().filter(number -> number > members.size()).ifPresent(number -> {
            throw new IllegalArgumentException("at least " + number + " of group '" + name()
                    + "' cannot succeed: it has " + members.size() + " stages");
        });
        policy = wanted;
        return this;
    }

    /**
     * The member at these coordinates of a matrix.
     *
     * @param coordinates for each axis its name and the value, such as {@code "java", "21", "os", "linux"}
     * @return the stage
     * @throws IllegalArgumentException if there is none; the message names those that there are
     */
    public StageHandle<?> cell(String... coordinates) {
        SortedMap<String, String> wanted = Matrix.coordinates(coordinates);
        for (Gathered member : members.values()) {
            if (member.at().equals(wanted)) {
                return member.handle();
            }
        }
        List<String> known = members.values().stream()
                .limit(20)
                .map(member -> member.at().toString())
                .toList();
        throw new IllegalArgumentException(
                "'" + name() + "' has nothing at " + wanted + "; there are: " + String.join(", ", known));
    }

    /**
     * An artifact of all members that succeeded, for others to read. Each lies in a directory called as the group, and in it in one called as the member.
     *
     * @param artifact the name that each member gave it
     * @return something to read
     * @throws IllegalArgumentException if a member writes none of that name
     */
    public CollectedHandle artifacts(String artifact) {
        members.values().forEach(member -> member.handle().artifact(artifact));
        return new CollectedHandle(owner(), new Input.Collected(name(), artifact));
    }

    /**
     * A value of all members that succeeded, for {@code env} of other stages: a JSON object with the member's name and the value's text for each, in the order of the
     * members. At most 64 KiB together; a stage that would be given more is refused.
     *
     * @param value the name that each member gave it
     * @return something for {@code env}
     * @throws IllegalArgumentException if a member hands on none of that name
     */
    public CollectedValuesHandle values(String value) {
        members.values().forEach(member -> member.handle().value(value));
        return new CollectedValuesHandle(owner(), new Value.Collected(name(), value));
    }

    @Override
    public GroupHandle after(StageHandle<?>... stages) {
        throw unusual("after(...)");
    }

    @Override
    public GroupHandle always() {
        throw unusual("always()");
    }

    @Override
    public GroupHandle onFailure() {
        throw unusual("onFailure()");
    }

    @Override
    public GroupHandle onlyWhen(Condition condition) {
        throw unusual("onlyWhen(...)");
    }

    private IllegalArgumentException unusual(String what) {
        return new IllegalArgumentException(
                "group '" + name() + "' begins with its stages and ends with them: give " + what + " to those");
    }

    @Override
    GroupHandle self() {
        return this;
    }

    /** The names of the members, in order. */
    List<String> members() {
        return List.copyOf(members.keySet());
    }

    @Override
    List<String> predecessors() {
        return members();
    }

    @Override
    Stage compile(Stage.Needs needs) {
        List<Stage.Member> all = members.values().stream()
                .map(member -> new Stage.Member(member.handle().name(), member.at()))
                .toList();
        return new Stage.Group(name(), needs, all, policy);
    }

    static SortedMap<String, String> nowhere() {
        return new TreeMap<>();
    }
}
