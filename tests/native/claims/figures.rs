//! Claims measured on the very runs that the book's figures make.

use unrolled::engine::syntax::Symbol;
use unrolled::training::session::Session;
use unrolled::view::figures::job::widened;
use unrolled::view::figures::vectors::nearest;
use unrolled::view::figures::{Values, figure, resolve};

/// Chapter 2: symbols that are used alike end up with columns that are alike.
pub fn symbols_used_alike_come_to_have_columns_alike() {
    let texts = [
        ("the cat sleeps\nthe dog sleeps\na cat runs\na dog runs\nthe cat runs\na dog sleeps", "cat", "dog"),
        ("小猫睡了\n小狗睡了\n大猫跑了\n大狗跑了\n小猫跑了\n大狗睡了", "猫", "狗"),
    ];
    for (text, one, other) in texts {
        let column = figure("column").expect("a figure");
        let (_, now) = resolve(&*column, &Values::from_iter([("text", text)]));
        let mut alike = 0;
        for seed in 1..=8 {
            let mut job = column.job(&now).expect("a job");
            job.settings.training.seed = seed;
            let mut session = Session::new(job.settings.clone(), &job.text, None, None).expect("trainable");
            let vocabulary = session.prepared().vocabulary;
            for _ in 0..job.settings.training.steps {
                session.update().expect("the run is stable");
            }
            let model =
                widened(&job.settings, vocabulary.len(), &session.checkpoint().weights).expect("a model");
            let weights = model.weight(Some(0), &Symbol("W_ax".to_owned())).expect("W_ax");
            let place =
                |symbol: &str| vocabulary.iter().position(|known| known == symbol).expect("a symbol") + 1;
            let (found, cosine) = nearest(weights, place(one), |_| true).expect("a nearest column");
            println!("seed {seed}: {one} is most like {} ({cosine:.2})", vocabulary[found]);
            alike += usize::from(found + 1 == place(other));
        }
        assert!(alike >= 7, "{alike} of 8 seeds: {one} and {other}");
    }
}
