// How long the engine waits for what, all in one place: from these follows within what time nodes
// agree once nothing is broken any more (protocol/SPEC.md, "Convergence"). Who changes one changes
// that section too; the simulator adds them up and demands the sum.
//
// Beside them count Backoff::Options (dials), LinkOptions (silence, handshake) and
// EngineOptions::confirm_wait (a start without a hub).
#pragma once

#include "protocol/ids.h"

namespace simpul::patience {

using std::chrono::milliseconds, std::chrono::seconds, std::chrono::minutes;

// --- Links

// Between two looks at deadlines, redials and questions that are due: what is due comes so much
// later at most.
inline constexpr Duration kTick = seconds{1};
// Between two looks at whom to dial.
inline constexpr Duration kDialInterval = milliseconds{200};
// Open so long, a link was no failure: the next dial begins without back-off.
inline constexpr Duration kSteadyAfter = seconds{10};
// For the transport to say which link a dial became, or that it became none.
inline constexpr Duration kDialUnanswered = seconds{60};

// --- Events

// Until events that came are folded, where more come meanwhile; and between two pages of cases that
// are folded again under a new roster.
inline constexpr Duration kIndexDelay = milliseconds{250};
// Between two looks for cases whose time has come.
inline constexpr Duration kLookForTimers = seconds{1};

// --- Asking for the events of a case that others cite. The wait doubles; a link that opens, or an
// event of the case that comes, begins anew at the least.

inline constexpr Duration kCaseAgainMin = seconds{20};
inline constexpr Duration kCaseAgainMax = minutes{10};  // nobody may have them

// --- Asking whether one head of a journal extends another. The wait doubles; a link that opens
// begins anew at the least.

inline constexpr Duration kHeadsAfter = seconds{2};          // what is on its way may link them
inline constexpr Duration kHeadsAnswerWithin = seconds{10};  // then it counts as refused
inline constexpr Duration kHeadsAgainMin = seconds{5};
inline constexpr Duration kHeadsAgainMax = minutes{10};

// --- Ciphertext. All that may have it are asked in turn, then again after a wait that doubles; who
// opens a link is asked at once.

inline constexpr Duration kChunkRetryMin = seconds{1};
inline constexpr Duration kChunkRetryMax = minutes{10};    // nobody may have it
inline constexpr Duration kChunkAnswerWait = seconds{10};  // no chunk of anything came for so long
inline constexpr Duration kChunkQueueMax = seconds{60};    // others' chunks came, and this did not

// --- A node's own journal

// A hub that showed more of it than is here, and sent nothing for so long, sends no more: what it
// has beyond came event by event.
inline constexpr Duration kFetchIdle = minutes{2};
// Until a change of key that could not be written is tried again.
inline constexpr Duration kKeyAgain = minutes{1};

}  // namespace simpul::patience
