-- Reason: versions are named by numbers that every thread has; references to one are found by the turns of its thread.

DROP INDEX turn_references_by_version;
