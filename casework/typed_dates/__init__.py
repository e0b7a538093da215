"""The pieces of which `casework.when` is made: spelling, words, times, days and the whole phrase."""
